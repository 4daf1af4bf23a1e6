// A table that is wider than a phone: it scrolls by itself, by keyboard too.
import type { ReactNode } from 'react';

/** The id of the heading that names it, whose section it is a part of; or a name of its own. */
type Name = { readonly labelledBy: string } | { readonly label: string };

type ScrollTableProps = Name & {
  readonly caption?: string;
  readonly columns: readonly string[];
  /** `table` is one of figures, `text-table` one of words. */
  readonly className?: 'table' | 'text-table' | 'text-table sourced';
  /** Its rows. */
  readonly children: ReactNode;
};

export function ScrollTable(props: ScrollTableProps): ReactNode {
  const { caption, columns, className = 'text-table', children } = props;
  const name =
    'label' in props
      ? { role: 'region', 'aria-label': props.label }
      : { role: 'group', 'aria-labelledby': props.labelledBy };
  return (
    <div className="table-scroll" tabIndex={0} {...name}>
      <table className={className}>
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
