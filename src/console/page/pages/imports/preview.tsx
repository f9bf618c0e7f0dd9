import type { ImportCheckDocument, PreviewRow } from '../../../api.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { ColumnHeads } from './column-heads.js';

interface PreviewProps {
  columns: readonly string[];
  rows: readonly PreviewRow[];
  problems: ImportCheckDocument['files'][number]['check']['problems'];
  /** Of the whole file. */
  all: number;
}

/** The first rows, and those in which something was found: what it is stands in the row. */
export function Preview({ columns, rows, problems, all }: PreviewProps) {
  const words = t().imports;
  const byLine = new Map<number, string[]>();
  for (const { line, message } of problems)
    byLine.set(line, [...(byLine.get(line) ?? []), saidText(message)]);
  if (rows.length === 0) return null;
  return (
    <figure class="preview">
      {rows.length < all && <figcaption class="muted">{words.preview(rows.length, all)}</figcaption>}
      <div class="scrolls" tabIndex={0} role="region" aria-label={words.previewTable}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.line}</th>
              <ColumnHeads names={columns} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, cells }) => {
              const found = byLine.get(line);
              return (
                <tr key={line} class={found ? 'found' : ''}>
                  <th scope="row">{line}</th>
                  {columns.map((_, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
                    <td key={index}>
                      {cells[index] ?? ''}
                      {index === columns.length - 1 && cells.length > columns.length && (
                        <span class="look-failed"> {words.cellsMore(cells.length - columns.length)}</span>
                      )}
                    </td>
                  ))}
                  {found && <td class="why look-failed">{found.join('; ')}</td>}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
