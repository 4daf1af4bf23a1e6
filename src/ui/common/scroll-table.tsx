// A table that is wider than a phone: it scrolls by itself, by keyboard too.
import type { ReactNode } from 'react';

interface ScrollTableProps {
  /** Id of the heading that names it. */
  readonly labelledBy: string;
  readonly caption?: string;
  readonly columns: readonly string[];
  /** Its rows. */
  readonly children: ReactNode;
}

export function ScrollTable({ labelledBy, caption, columns, children }: ScrollTableProps): ReactNode {
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-labelledby={labelledBy}>
      <table className="text-table">
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
