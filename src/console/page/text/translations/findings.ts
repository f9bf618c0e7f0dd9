import type { Phrase } from './phrase.js';

const asCsv = 'CSV に書き出してください';

/** Of the check of a file; the page has fields where the terminal has flags. */
export const findings: readonly Phrase[] = [
  ['this is a PNG image', 'PNG 画像です'],
  ['this is a JPEG image', 'JPEG 画像です'],
  ['this is a GIF image', 'GIF 画像です'],
  ['this is a PDF document: export its table as CSV', `PDF 文書です。表を ${asCsv}`],
  ['this is an empty ZIP archive', '空の ZIP ファイルです'],
  ['this is a binary file', 'バイナリーファイルです'],
  ['this is an SQLite database: export its table as CSV', `SQLite データベースです。表を ${asCsv}`],
  ['this is an RTF document: export its table as CSV', `RTF 文書です。表を ${asCsv}`],
  ['this is a …: unpack it first', '$1 です。先に展開してください'],
  ['this is an …: unpack it first', '$1 です。先に展開してください'],
  ['this is a …: export it as CSV', `$1 です。${asCsv}`],
  ['this is an …: export it as CSV', `$1 です。${asCsv}`],
  [
    'invalid … byte; if the file uses another encoding, set --encoding',
    '$1 として正しくないバイトがあります。別の文字コードの場合は「文字コード」で選択してください',
    'invalid $1 byte; if the file uses another encoding, choose it above',
  ],
  [
    'NUL byte; the file may be damaged, or use another encoding (--encoding)',
    'NUL バイトがあります。ファイルが壊れているか、別の文字コードの可能性があります',
    'NUL byte; the file may be damaged, or use another encoding (choose it above)',
  ],
  ['the file is empty', 'ファイルが空です'],
  ['the file has a header but no rows', 'ヘッダーだけで、データの行がありません'],
  ['the header is too long: AWS takes at most 10 KiB', 'ヘッダーが長すぎます。AWS の上限は 10 KiB です'],
  [
    '… names columns … and …: CSV headers cannot contain duplicates.',
    '$1 が $2 列目と $3 列目の名前になっています。列名は重複できません',
  ],
  [
    'the quote opened here is never closed (a quote after a backslash does not close it)',
    'ここで開いた引用符が閉じられていません（バックスラッシュの後の引用符では閉じません）',
  ],
  ['the quote opened here is never closed', 'ここで開いた引用符が閉じられていません'],
  ['the record is longer than 8 MiB', '1 行が 8 MiB を超えています'],
  [
    'the record is too long for a batch: … bytes as JSON, the limit is …',
    '1 行がバッチの上限を超えています。JSON で $1 バイト、上限は $2 バイトです',
  ],
  [
    '… is an Excel directive, but AWS reads it as the header',
    '$1 は Excel 用の指定ですが、AWS はヘッダーとして読みます',
  ],
  [
    'a DOS end-of-file mark (Ctrl-Z): AWS makes a row of it',
    'DOS のファイル終端記号 (Ctrl-Z) があります。AWS は 1 行として読みます',
  ],
  [
    '… (confidence …; --encoding decides): converted to UTF-8',
    '$1 から UTF-8 に変換します（確度 $2。違う場合は「文字コード」で選択してください）',
    '$1 (confidence $2; choose another above): converted to UTF-8',
  ],
  ['…: converted to UTF-8', '$1 から UTF-8 に変換します'],
  ['separated by commas: converted to commas', '区切り文字をカンマに変換します'],
  ['separated by tabs: converted to commas', 'タブ区切りをカンマ区切りに変換します'],
  ['separated by semicolons: converted to commas', 'セミコロン区切りをカンマ区切りに変換します'],
  ['separated by pipes (|): converted to commas', 'パイプ (|) 区切りをカンマ区切りに変換します'],
  ['separated by spaces: converted to commas', '空白区切りをカンマ区切りに変換します'],
  [
    'the file has a single column, but every line contains …, which looks like a delimiter: supported delimiters are comma, tab, semicolon, pipe and space',
    '1 列だけですが、どの行にも区切り文字のような $1 があります。使える区切り文字はカンマ、タブ、セミコロン、パイプ、空白です',
  ],
  [
    'the file has a single column, but every line contains …, which looks like a delimiter: … reads it so',
    '1 列だけですが、どの行にも区切り文字のような $1 があります。「区切り文字」で選択できます',
    'the file has a single column, but every line contains $1, which looks like a delimiter: choose it above',
  ],
  [
    'the file begins with a BOM (U+FEFF): AWS keeps it in the name of the first column',
    'ファイルの先頭に BOM (U+FEFF) があります。AWS では最初の列名に残ります',
  ],
  [
    'this record ends with …, those before it with …: AWS takes both',
    'この行の改行は $1、これより前の行は $2 です。AWS はどちらも受け付けます',
  ],
  ['blank line, ignored', '空行です（無視されます）'],
  [
    'column … has no name: its values arrive under the key ""',
    '$1 列目に名前がありません。値のキーは "" になります',
  ],
  [
    'the name of column …, …, has white space around it: AWS keeps it',
    '$1 列目の名前 $2 の前後に空白があります。AWS では残ります',
  ],
  [
    'the name of column …, …, contains invisible characters',
    '$1 列目の名前 $2 に見えない文字が含まれています',
  ],
  [
    '… cell where the header has …: AWS fills … with ""',
    'ヘッダーの $2 列に対してセルが $1 個です。AWS は $3 を "" で補います',
  ],
  [
    '… cells where the header has …: AWS fills … with ""',
    'ヘッダーの $2 列に対してセルが $1 個です。AWS は $3 を "" で補います',
  ],
  [
    '… cells where the header has …: AWS drops …',
    'ヘッダーの $2 列に対してセルが $1 個です。AWS は $3 を取り込みません',
  ],
  ['… has white space around it: AWS keeps it', '$1 の前後に空白があります。AWS では残ります'],
  [
    'text after a closing quote: kept as part of the cell, but AWS does not guarantee it',
    '閉じた引用符の後に文字があります。セルの一部になりますが、AWS では保証されません',
  ],
  [
    'the backslash before … is dropped: AWS keeps a backslash only where it is doubled',
    '$1 の前のバックスラッシュは失われます。AWS では二重のときだけ残ります',
  ],
  [
    'the backslash is dropped: AWS keeps a backslash only where it is doubled',
    'バックスラッシュは失われます。AWS では二重のときだけ残ります',
  ],
];
