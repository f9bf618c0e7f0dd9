import type { Phrase } from './phrase.js';

/** Of failures, plans and what can't be read. */
export const messages: readonly Phrase[] = [
  // What to do about a failure.
  ['what the function wrote', '関数のログ'],
  ['what the state was given', 'ステートへの入力'],
  [
    'go on where it failed: whether, and what runs again',
    '失敗した箇所から再開できるか、何が再度実行されるか',
  ],
  ['start again with another input', '別の入力でもう一度開始'],
  ['try a changed definition on it, here', '変更した定義を手元で試す'],
  ['try the function of here on it', '手元の関数で試す', 'try the local function on it'],
  ['which permissions are missing', '不足している権限'],
  // What a failure means.
  [
    "The framework took this for a step of its command machine, since no event factory of the app knows the state machine by its name: rename it (sfn-task, import-csv, …), or route it in the app's event factory (lint rule MF009).",
    'アプリのイベントファクトリーがこのステートマシンの名前を知らないため、フレームワークがコマンド用マシンのステップとして扱いました。名前を変更する（sfn-task、import-csv など）か、アプリのイベントファクトリーで振り分けてください（lint ルール MF009）。',
  ],
  [
    "The framework's command machine takes a record of a table's stream as its input, and got something else: send it one (mbc-flow trigger stream), or route the machine in the app's event factory.",
    'フレームワークのコマンド用マシンは、テーブルのストリームのレコードを入力とします。レコードを送る（mbc-flow trigger stream）か、アプリのイベントファクトリーで振り分けてください。',
  ],
  [
    'The framework tells events apart by their context, and the state passed none: its Payload needs "input.$": "$" and "context.$": "$$" (mbc-flow lint finds such states).',
    'フレームワークはコンテキストでイベントを見分けますが、ステートが渡していません。Payload に "input.$": "$" と "context.$": "$$" が必要です（mbc-flow lint で検出できます）。',
  ],
  [
    'It ran out of memory: give it more (MemorySize of a function), or less to do at once.',
    'メモリーが不足しました。メモリーを増やす（関数の MemorySize）か、一度に処理する量を減らしてください。',
  ],
  [
    "The function's own timeout ended it: raise it, or do less in one call.",
    '関数自身のタイムアウトで終了しました。タイムアウトを延ばすか、1 回の処理を減らしてください。',
  ],
  [
    'The function broke off without an answer: its process ended, or its time or memory did.',
    '関数が応答せずに終わりました。プロセスの終了、時間切れ、メモリー不足のいずれかです。',
  ],
  [
    "The container's image could not be pulled: look at its name, its tag, and the task's execution role.",
    'コンテナイメージを取得できませんでした。名前、タグ、タスク実行ロールを確認してください。',
  ],
  [
    'A KMS key is missing or disabled, or may not be used by this role.',
    'KMS キーがないか、無効か、このロールでは使用できません。',
  ],
  [
    'The function that the state calls is not there: look at its name, and whether it is deployed.',
    'ステートが呼び出す関数が見つかりません。名前と、デプロイ済みかを確認してください。',
  ],
  ["The state machine's role lacks a permission.", 'ステートマシンのロールに権限が不足しています。'],
  [
    'The service was asked too much at once; a Retry on this error would have waited it out.',
    'サービスへの要求が一時的に多すぎました。このエラーに Retry を設定すると待って再試行します。',
  ],
  [
    'A state passes at most 256 KiB: store what is larger in S3 and pass its address.',
    'ステートが受け渡せるのは 256 KiB までです。大きいデータは S3 に保存し、その場所を渡してください。',
  ],
  [
    'More items failed than the Map tolerates (ToleratedFailurePercentage or -Count; none by default).',
    '失敗した項目が Map の許容数を超えました（ToleratedFailurePercentage または -Count。既定は 0）。',
  ],
  [
    'The items could not be read: look at the bucket, the key and the file.',
    '項目を読み込めませんでした。バケット、キー、ファイルを確認してください。',
  ],
  [
    'The row was changed in between, or is there already: the condition of the write did not hold.',
    '行がその間に変更されたか、すでに存在するため、書き込みの条件が満たされませんでした。',
  ],
  [
    'The results could not be written: look at the bucket and at what the role may write.',
    '結果を書き込めませんでした。バケットと、ロールの書き込み権限を確認してください。',
  ],
  [
    'An execution has at most 25,000 events: use a Distributed Map, or start another execution in time.',
    '1 つの実行のイベントは 25,000 件までです。分散 Map を使うか、途中で別の実行を開始してください。',
  ],
  [
    'Nothing came within the timeout of the state (or of the whole execution).',
    'ステート（または実行全体）のタイムアウトまでに応答がありませんでした。',
  ],
  [
    'No rule of the Choice fits its input, and it has no Default.',
    '入力に一致する Choice のルールがなく、Default もありません。',
  ],
  [
    'A branch failed, and so the whole Parallel: its states say why.',
    'ブランチの失敗により Parallel 全体が失敗しました。理由はブランチ内のステートにあります。',
  ],
  [
    'The endpoint could not be reached, or did not answer in time (60 seconds).',
    'エンドポイントに接続できないか、時間内（60 秒）に応答がありませんでした。',
  ],
  [
    'The endpoint refused the request: look at the address, the connection and what was sent.',
    'エンドポイントがリクエストを拒否しました。アドレス、接続、送信内容を確認してください。',
  ],
  [
    'The endpoint failed or was asked too much: a Retry on this error would have waited it out.',
    'エンドポイントのエラーか、要求が多すぎました。このエラーに Retry を設定すると待って再試行します。',
  ],
  [
    'The definition and the data do not fit: AWS never retries this.',
    '定義とデータが合っていません。AWS はこのエラーを再試行しません。',
  ],
  [
    'The service itself failed for a moment: going on is usually enough.',
    'サービス側の一時的な障害です。通常は再実行で解決します。',
  ],
  [
    'The function could not even be loaded: its package or its handler is wrong.',
    '関数を読み込めませんでした。パッケージまたはハンドラーに誤りがあります。',
  ],
  [
    'The app is not built: the file of its function is not there. Build it (npm run build), then go on.',
    'アプリがビルドされていません。関数のファイルがありません。ビルド (npm run build) してから再実行してください。',
  ],
  [
    'What the state calls or reads is not there: look at its name, and whether it is deployed.',
    'ステートが呼び出す、または読み取る対象が見つかりません。名前と、デプロイ済みかを確認してください。',
  ],
  // What a redrive runs again.
  ['a new map run with all items', 'すべての項目で新しいマップ実行'],
  ['the items of its map run that did not succeed', 'マップ実行のうち成功していない項目'],
  ['… of … items', '$2 項目中 $1 項目'],
  ['… of … branches', '$2 ブランチ中 $1 ブランチ'],
  ['fails again: a Fail state can do nothing else', '再び失敗します（Fail ステートのため）'],
  ['waits again', 'もう一度待機します'],
  [
    'the task is called again, its retries counted anew',
    'タスクをもう一度呼び出します（再試行回数は最初から）',
  ],
  ['is evaluated again', 'もう一度評価します'],
  ["… can't be redriven: its status is …", '$1 は redrive できません。ステータス: $2'],
  ["… can't be redriven: …", '$1 は redrive できません: $2'],
  // Answers.
  [
    'the execution would break on this answer: …',
    'この応答では実行が失敗します: $1',
    'the execution would break on this answer: $1',
  ],
  ["… can't be answered from here: …", '$1 はここからは応答できません: $2'],
  ['this step waits no more', 'このステップはもう待っていません'],
  ['the answer is not valid JSON', '応答が正しい JSON ではありません'],
  ['a rejection needs a reason', '却下には理由が必要です'],
  // Starts and inputs.
  [
    "… would fail at once with this input, in its state '…' (…)",
    '$1 はこの入力では開始後すぐにステート「$2」で失敗します ($3)',
  ],
  ['… is missing (asked for by …)', '$1 がありません（$2 で参照）'],
  ['the input has … bytes; the maximum is …', '入力は $1 バイトです。上限は $2 バイトです'],
  ['… has already ended: …', '$1 はすでに終了しています: $2'],
  // What the page asks without saying enough.
  ['the target … is protected: type its name', '$1 は保護されています。名前を入力してください'],
  ['this change was not confirmed', '変更が確認されていません'],
  [
    'this console was started with --read-only',
    'このコンソールは読み取り専用 (--read-only) で起動されています',
  ],
  ['The server does not answer', 'サーバーが応答しません'],
  ['The server answered …', 'サーバーの応答: $1'],
  [
    '… is EXPRESS and logs nothing: AWS keeps no history of its executions that could be read',
    '$1 は EXPRESS で、ログを出力していません。AWS は実行の履歴を保存していないため、表示できません',
  ],
  ['… has no lines of this execution (yet)', '$1 にこの実行のログは（まだ）ありません'],
  [
    '… has no lines of this execution; only failures are logged there',
    '$1 にこの実行のログはありません（失敗のみ記録されます）',
  ],
  // Rows.
  ['failed later', '後で失敗'],
  ['in the dead-letter queue', 'デッドレターキュー'],
  [
    'the prefix of the DynamoDB tables of target … is not known',
    'ターゲット $1 の DynamoDB テーブル名の接頭辞がわかりません',
  ],
  // Connections.
  ['the local server is not running', 'ローカルサーバーが起動していません'],
  [
    '… could not reach the service: its certificate is not trusted (…)',
    '$1: サービスに接続できません。証明書が信頼されていません ($2)',
  ],
  ['… could not reach the service: nothing answers at …', '$1: サービスに接続できません。$2 が応答しません'],
  ['… could not reach the service: …', '$1: サービスに接続できません: $2'],
  ['… is not permitted: …', '$1 が許可されていません: $2'],
  ['no valid AWS credentials: …', '有効な AWS 認証情報がありません: $1'],
  ['… was throttled repeatedly: …', '$1 がスロットリングされ続けました: $2'],
  ['… logs nothing, and calls no function', '$1 はログを出力せず、関数も呼び出しません'],
  [
    'the IAM policy must allow …; mbc-flow doctor --policy all prints what commands need',
    'IAM ポリシーで $1 の許可が必要です。必要な権限は mbc-flow doctor --policy all で確認できます',
  ],
  [
    'check the endpoint or --region and the network connection',
    'エンドポイント、リージョン、ネットワーク接続を確認してください',
  ],
  ['start the local server with mbc-flow dev', 'ローカルサーバーを mbc-flow dev で起動してください'],
  [
    "start the app's own services; what needs no tables and queues works without them",
    'アプリのサービスを起動してください。テーブルとキューを使わない操作は、なくても動きます',
  ],
  ['try again later', 'しばらくしてからもう一度お試しください'],
  ['choose it again', 'もう一度選択してください'],
  ['mbc-flow import takes larger ones', 'これより大きいファイルは mbc-flow import で取り込めます'],
];
