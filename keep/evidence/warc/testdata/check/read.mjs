// Reads a WARC file with warcio, the library of replayweb.page, and prints a line of JSON a
// record: what the library makes of it, and the SHA-256 of its payload.
import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { WARCParser } from "warcio";

const parser = new WARCParser(createReadStream(process.argv[2]));
for await (const record of parser) {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of record) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const head = record.httpHeaders;
  console.log(JSON.stringify({
    type: record.warcType,
    uri: record.warcTargetURI || "",
    date: record.warcDate,
    payload: record.warcPayloadDigest || "",
    sha256: "sha256:" + hash.digest("hex"),
    bytes,
    status: head ? Number(head.statusCode) : 0,
    media: head ? head.headers.get("content-type") || "" : "",
    refers: record.warcRefersToTargetURI || "",
    offset: parser.offset,
  }));
}
