// Keeps a fault in one region of the page from taking the others down.
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { AppContext } from '../app-context';

interface Props {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly failed: boolean }> {
  static override readonly contextType = AppContext;
  declare context: React.ContextType<typeof AppContext>;
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error('A region of the page broke.', error, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const texts = this.context?.texts;
    return (
      <div className="region-broke" role="alert">
        <p>{texts?.regionBroke}</p>
        <button type="button" className="button" onClick={() => this.setState({ failed: false })}>
          {texts?.tryAgain}
        </button>
      </div>
    );
  }
}
