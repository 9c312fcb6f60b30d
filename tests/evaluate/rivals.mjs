// Reads pages by the extractors that npm has, for pages.py --rivals: one JSON object a line comes in ({"id", "html", "url"}), one goes out
// ({"id", "name", "title", "date", "source", "author", "text"}) for each extractor. The packages (@mozilla/readability with linkedom,
// defuddle, @postlight/parser) are found in FANGZHI_RIVALS/node_modules, or from the working directory; those that are not there are passed over.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const require = createRequire(join(process.env.FANGZHI_RIVALS || process.cwd(), "node_modules", "-.js"));
async function load(name) {
  try {
    return require(name);
  } catch {
    // a module of the newer kind, or none at all
  }
  try {
    const { pathToFileURL } = await import("node:url");
    const root = process.env.FANGZHI_RIVALS || process.cwd();
    const [first, ...rest] = name.split("/");
    const folder = join(root, "node_modules", first);
    const { readFileSync } = await import("node:fs");
    const entry = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8")).exports["./" + rest.join("/")];
    return await import(pathToFileURL(join(folder, entry.import || entry.default || entry)).href);
  } catch {
    return null;
  }
}

const linkedom = await load("linkedom");
const readability = linkedom && (await load("@mozilla/readability"));
const postlight = await load("@postlight/parser");
const defuddle = linkedom && (await load("defuddle/node"));

function text(html) {
  if (!html) return "";
  return linkedom.parseHTML("<html><body>" + html + "</body></html>").document.body.textContent;
}

const readers = {};
if (readability) {
  readers["readability.js"] = (html) => {
    const found = new readability.Readability(linkedom.parseHTML(html).document).parse() || {};
    return { title: found.title, date: found.publishedTime, source: found.siteName, author: found.byline, text: found.textContent };
  };
}
if (defuddle) {
  readers.defuddle = async (html, url) => {
    const found = await defuddle.Defuddle(linkedom.parseHTML(html).document, url, {});
    return { title: found.title, date: found.published, source: found.site, author: found.author, text: text(found.content) };
  };
}
if (postlight) {
  readers["postlight-parser"] = async (html, url) => {
    const found = await postlight.parse(url, { html, fetchAllPages: false });
    return { title: found.title, date: found.date_published, source: found.domain, author: found.author, text: text(found.content) };
  };
}

console.debug = console.info = console.warn = console.error = () => {};  // the extractors talk
for await (const line of createInterface({ input: process.stdin })) {
  const page = JSON.parse(line);
  for (const [name, read] of Object.entries(readers)) {
    let answer = {};
    try {
      answer = (await read(page.html, page.url)) || {};
    } catch (problem) {  // a rival's failure on a page is its answer
      answer = { problem: String(problem) };
    }
    process.stdout.write(JSON.stringify({ id: page.id, name, ...answer }) + "\n");
  }
}
