"""Code that people paste to see that a webhook is from here; it needs nothing but the language."""

PYTHON = """\
import base64, hashlib, hmac, time


def verify(secret, headers, body):
    \"\"\"Is this request from Miniback? Give the body's bytes as they came.\"\"\"
    sent_at = headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
    right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    given = [each.partition(",")[2] for each in headers["webhook-signature"].split()]
    return any(hmac.compare_digest(each.encode(), right) for each in given)
"""
NODE = """\
import { createHmac, timingSafeEqual } from "node:crypto";

// Is this request from Miniback? Give the body's bytes as they came.
export function verify(secret, headers, body) {
  const sentAt = headers["webhook-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = createHmac("sha256", key).update(`${headers["webhook-id"]}.${sentAt}.`);
  const right = signed.update(body).digest();
  return headers["webhook-signature"].split(" ").some((each) => {
    const given = Buffer.from(each.split(",")[1] ?? "", "base64");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
"""
# By name, for a page.
SNIPPETS = (("Python", PYTHON), ("Node.js", NODE))
