// Makes the vectors for the printers of the signed forms, with real Node and real Python (python3 on the PATH):
//   node generate.mjs > vectors.jsonl
// Each line: {"json": base64 of a JSON text, "js": base64 of JSON.stringify(JSON.parse(text)), "py": base64 of
// json.dumps(json.loads(text)), or null where Python refuses}. Seeded: the same texts each time.
import { spawnSync } from 'node:child_process';

let seed = 20251101;
const random = () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const int = (n) => Math.floor(random() * n);
const pick = (list) => list[int(list.length)];

const digits = (n) => Array.from({ length: n }, () => int(10)).join('');
const integer = () => pick(['0', String(1 + int(9)) + digits(int(24)), '-' + (1 + int(9)) + digits(int(12)), '-0']);
const double = () => {
  const bytes = new DataView(new ArrayBuffer(8));
  do {
    bytes.setUint32(0, int(4294967296));
    bytes.setUint32(4, int(4294967296));
  } while (!Number.isFinite(bytes.getFloat64(0)));
  return String(bytes.getFloat64(0)).replace('Infinity', '1e999');
};
const number = () => pick([
  integer,
  double,
  () => `${int(100000)}.${digits(1 + int(6))}`,
  () => `${int(100)}.${digits(2)}0`,
  () => `${1 + int(9)}e${pick(['', '+', '-'])}${int(30)}`,
  () => `${1 + int(9)}.${digits(1 + int(20))}E${pick(['', '+', '-'])}${int(330)}`,
  () => pick(['1e21', '1e-7', '-0', '-0.0', '0.0', '1e999', '-1e999', '1e-400', '5e-324', '2.2250738585072014e-308', '1.7976931348623157e308',
    '9007199254740993', '123456789012345680000', '1e16', '1e15', '999999999999999900000', '0.0001', '0.00001', '0.000001', '100', '1E5', '5.50', '1e22',
    '12345678901234567', '0.1e1', '1.0', '-1.50e2', '4.35', '0.000001234', '1e23', '9.5e-7']),
])();

const hex = () => pick(['0', '1', '9', 'a', 'F', 'd', 'D', '8', 'c']);
const piece = () => pick([
  () => String.fromCharCode(0x20 + int(0x5f)).replace(/["\\]/, 'x'),
  () => pick(['\\n', '\\r', '\\t', '\\b', '\\f', '\\"', '\\\\', '\\/']),
  () => `\\u${hex()}${hex()}${hex()}${hex()}`,
  () => `\\u${pick(['d83d', 'D83D', 'dc00', 'DFFF', 'd800', '0000', '001f', '007f', '0080', '2028', 'fffe', 'FFFF'])}`,
  () => '\\ud83d\\ude00',
  () => pick(['é', 'ü', '日本', '😀', '\u2028', '\u2029', '\u007f', '\u0085', 'ﷺ', '\uffff', '𝒳']),
  () => pick(['LPA:1$rsp.example.com$ABC-123', '/', '</script>', ' ', 'a']),
])();
const text = () => `"${Array.from({ length: int(6) }, piece).join('')}"`;
const key = () => pick([
  text,
  () => `"${int(30)}"`,
  () => pick(['"0"', '"00"', '"01"', '"-1"', '"4294967294"', '"4294967295"', '"4294967296"', '"1.0"', '"1e3"', '"__proto__"', '"constructor"', '"toString"', '""', '"data"', '"event"', '"10"', '"9"', '" 1"']),
])();
const space = () => pick(['', '', '', ' ', '\n  ', '\t', '\r\n']);
const value = (depth) => pick(depth > 4 ? [number, text] : [
  number, number, text, text,
  () => pick(['true', 'false', 'null']),
  () => `[${Array.from({ length: int(4) }, () => space() + value(depth + 1) + space()).join(',')}${space()}]`,
  () => `{${Array.from({ length: int(7) }, () => `${space()}${key()}${space()}:${space()}${value(depth + 1)}${space()}`).join(',')}${space()}}`,
])();

const fixed = ['{}', '[]', ' [ ] ', '{"a":{},"b":[]}', '"x"', '0', 'null', '{"a":1,"a":2}', '{"b":1,"a":2,"b":3}', '{"2":1,"1":2,"b":0,"a":0}',
  '{"\\u0061":1,"a":2}', '{"__proto__":1,"a":2}', '["\\ud800"]', '{"\\udfff":1}', `[${'9'.repeat(4300)}]`, `[${'9'.repeat(4301)}]`, `[-${'1'.repeat(4300)}]`];
const texts = [...fixed, ...Array.from({ length: 1500 }, () => value(0))];

const python = `
import base64, json, sys
for line in sys.stdin:
    text = base64.b64decode(line)
    try:
        print(base64.b64encode(json.dumps(json.loads(text)).encode()).decode())
    except ValueError:
        print("-")
`;
const encoded = texts.map((t) => Buffer.from(t).toString('base64'));
const printed = spawnSync('python3', ['-c', python], { input: encoded.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 28 }).stdout.trim().split('\n');
for (const [i, t] of texts.entries()) {
  const js = Buffer.from(JSON.stringify(JSON.parse(t))).toString('base64');
  console.log(JSON.stringify({ json: encoded[i], js, py: printed[i] === '-' ? null : printed[i] }));
}
