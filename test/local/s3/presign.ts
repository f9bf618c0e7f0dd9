/** A URL as a presigner makes it; any signature is taken. */
export function getSignedUrl(endpoint: string, bucket: string, key: string): string {
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
    'X-Amz-Credential': 'local/20260101/ap-northeast-1/s3/aws4_request',
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-Expires': '900',
    'X-Amz-Signature': '0'.repeat(64),
    'X-Amz-SignedHeaders': 'host',
  });
  return `${endpoint}/${bucket}/${key}?${query}`;
}
