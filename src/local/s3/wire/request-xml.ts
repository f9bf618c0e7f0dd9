import { parseXml, type XmlElement, XmlError } from '../../http/xml.js';
import { S3Error } from './errors.js';

/** The root element of a request's body. @throws S3Error MalformedXML */
export function requestXml(body: string): XmlElement {
  try {
    return parseXml(body);
  } catch (error) {
    throw error instanceof XmlError ? new S3Error('MalformedXML') : error;
  }
}
