// An answer, or a part of one, as the letters it is: while it is being formatted, where formatting fails, and where it
// is too long for it.
import { Component, useState, type ReactNode } from 'react';
import { useApp } from '../../app-context';
import { formatCount } from '../../common/format';

export function PlainText({ text }: { readonly text: string }): ReactNode {
  return (
    <p className="plain" dir="auto">
      {text}
    </p>
  );
}

interface BoundaryProps {
  readonly text: string;
  readonly children: ReactNode;
}

/** What breaks in there is shown as text; the rest of the page goes on. */
export class BlockBoundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <PlainText text={this.props.text} /> : this.props.children;
  }
}

/** Letters of one piece: browsers lay out only pieces that are in sight. */
const pieceLength = 20_000;

export function RestAsText({ text }: { readonly text: string }): ReactNode {
  const { texts } = useApp();
  const [shown, setShown] = useState(false);
  const { prose, language } = texts;
  return (
    <div className="rest-as-text">
      <p className="ending">{prose.tooLong(formatCount(text.length, language))}</p>
      <button type="button" className="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? prose.hideRest : prose.showAsText}
      </button>
      {shown && (
        <div className="plain rest-pieces" dir="auto">
          {Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, i) => (
            <span key={i} className="rest-piece">
              {text.slice(i * pieceLength, (i + 1) * pieceLength)}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
