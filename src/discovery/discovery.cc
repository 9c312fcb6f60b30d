#include "discovery/discovery.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <utility>

#include "base/limits.h"
#include "base/strings.h"
#include "decode/decode.h"
#include "html/html.h"
#include "http/http.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::discovery {
namespace {

constexpr size_t kMostDepth = 64;
constexpr size_t kMostText = 256 * 1024;  // of one element

std::string_view View(const xmlChar* text) { return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text); }

// Plain text of what may be HTML: tags removed, references resolved, white space collapsed.
std::string PlainText(std::string_view markup) {
  std::string text;
  if (markup.find('<') == std::string_view::npos && markup.find('&') == std::string_view::npos) {
    text = markup;
  } else {
    const html::Document document = html::Document::Parse(std::string(markup));
    text = html::TextContent(document, 0);
  }
  std::string out;
  bool space = false;
  for (const char c : text) {
    if (IsAsciiSpace(c)) {
      space = !out.empty();
      continue;
    }
    if (space) out.push_back(' ');
    space = false;
    out.push_back(c);
  }
  return out;
}

// Of a sitemap's entry: not below the folder at which the sitemap lies.
bool IsOutside(const url::Url& entry, const url::Url& here) {
  const std::string_view folder = std::string_view(here.path).substr(0, here.path.rfind('/') + 1);
  return entry.Origin() != here.Origin() || !entry.path.starts_with(folder);
}

// Reads elements as they come. Names without their prefix; what matters is the path.
class Reader {
 public:
  Reader(std::string_view url, Document& document) : document_(document) {
    if (auto parsed = url::Parse(url)) here_ = std::move(*parsed);
  }

  struct Attribute {
    std::string_view name, prefix, value;
  };

  void Start(std::string_view name, std::string_view space, const std::vector<Attribute>& attributes) {
    if (stack_.size() >= kMostDepth) {
      document_.cut = true;
      ++too_deep_;
      return;
    }
    Element element;
    element.name = name;
    element.base = stack_.empty() ? here_ : stack_.back().base;
    for (const Attribute& attribute : attributes) {
      if (attribute.name == "base" && attribute.prefix == "xml") {
        if (auto base = url::Parse(attribute.value, element.base ? &*element.base : nullptr)) element.base = std::move(*base);
      }
    }
    const std::string parent = stack_.empty() ? std::string() : stack_.back().name;
    const bool in_news = parent == "news";
    if (stack_.empty()) {
      if (name == "urlset") document_.kind = Kind::kSitemap;
      if (name == "sitemapindex") document_.kind = Kind::kSitemapIndex;
      if (name == "rss" || name == "RDF" || name == "channel") document_.kind = Kind::kRss;
      if (name == "feed") document_.kind = Kind::kAtom;
      if (name == "entry") document_.kind = Kind::kAtom;
    }
    if (!in_item_) {
      const bool begins = (document_.kind == Kind::kSitemap && name == "url" && stack_.size() == 1) ||
                          (document_.kind == Kind::kSitemapIndex && name == "sitemap" && stack_.size() == 1) ||
                          (document_.kind == Kind::kRss && name == "item") || (document_.kind == Kind::kAtom && name == "entry");
      if (begins) {
        in_item_ = true;
        item_depth_ = stack_.size();
        item_ = {};
        link_rank_ = 0;
        guid_.clear();
      }
    }
    if (stack_.empty()) root_space_ = space;
    if (capture_depth_ != 0) AppendStartTag(name, attributes);
    for (const Attribute& attribute : attributes) {
      const bool outer = stack_.empty() || (stack_.size() == 1 && name == "channel");
      if (outer && attribute.name == "lang" && document_.language.empty()) {
        document_.language = ReplaceAll(attribute.value, "_", "-");
      }
    }
    const bool of_item = in_item_ && stack_.size() == item_depth_ + 1;
    const bool of_channel = !in_item_ && (parent == "channel" || parent == "feed");
    static constexpr std::string_view kTexts[] = {"title",   "link",     "description", "summary",  "content",   "encoded", "guid",          "id",
                                                  "pubDate", "date",     "published",   "issued",   "updated",   "modified", "lastBuildDate", "loc",
                                                  "lastmod", "changefreq", "author",    "creator",  "language",  "subtitle", "tagline",       "publication_date",
                                                  "name",    "abstract", "created"};
    const bool wanted = std::find(std::begin(kTexts), std::end(kTexts), name) != std::end(kTexts);
    if (wanted && IsKnownSpace(space) && capture_depth_ == 0 && (of_item || of_channel || (in_item_ && (in_news || (name == "name" && parent == "author"))))) {
      capture_depth_ = stack_.size() + 1;
      text_.clear();
      markup_ = false;
      plain_ = document_.kind == Kind::kAtom;
      base64_ = false;
      permalink_ = true;
      for (const Attribute& attribute : attributes) {
        if (attribute.name == "mode") base64_ = attribute.value == "base64";
        if (attribute.name == "mode" || attribute.name == "type") {
          const std::string_view value = attribute.value;
          // Atom 1.0: text unless it says html or xhtml; any other type that is neither text nor XML is base64 (RFC 4287, 4.1.3.3).
          if (value != "text" && value != "text/plain") plain_ = false;
          if (attribute.name == "type" && value.find('/') != std::string_view::npos && !value.starts_with("text/") && !value.ends_with("xml")) base64_ = true;
        }
        if (attribute.name == "isPermaLink" && EqualsIgnoreAsciiCase(TrimAscii(attribute.value), "false")) permalink_ = false;
      }
    }
    if (name == "author" && of_item) capture_depth_ = 0;  // Atom's has elements of its own; RSS's text is taken at its end
    if (name == "author" && of_item) text_.clear();
    if (name == "link") ReadLinkAttributes(attributes, element, of_item, of_channel);
    if (name == "enclosure" && of_item) {
      for (const Attribute& attribute : attributes) {
        if (attribute.name == "url") AddEnclosure(attribute.value, element);
      }
    }
    if (name == "item" || name == "entry") {
      for (const Attribute& attribute : attributes) {
        if (attribute.name == "about" && in_item_ && stack_.size() == item_depth_) about_ = attribute.value;
      }
    }
    stack_.push_back(std::move(element));
  }

  void Text(std::string_view text) {
    const bool author = in_item_ && !stack_.empty() && stack_.back().name == "author" && stack_.size() == item_depth_ + 2;
    if (capture_depth_ == 0 && !author) return;
    if (text_.size() + text.size() > kMostText) {
      document_.cut = true;
      text = text.substr(0, kMostText - std::min(kMostText, text_.size()));
    }
    if (!markup_) {
      text_.append(text);
      return;
    }
    AppendEscaped(text);
  }

  // False when nothing more is wanted.
  bool End() {
    if (too_deep_ > 0) {
      --too_deep_;
      return true;
    }
    if (stack_.empty()) return true;
    const Element element = std::move(stack_.back());
    stack_.pop_back();
    const bool captured = capture_depth_ == stack_.size() + 1;
    if (capture_depth_ != 0 && !captured && text_.size() < kMostText) text_.append("</").append(element.name).append(">");
    const bool rss_author = element.name == "author" && in_item_ && stack_.size() == item_depth_ + 1;
    if (captured || rss_author) {
      if (base64_ && captured) {
        std::string packed;
        for (const char c : text_) {
          if (!IsAsciiSpace(c)) packed.push_back(c);
        }
        if (auto bytes = FromBase64(packed)) text_ = std::move(*bytes);
      }
      Take(element, text_);
      text_.clear();
      if (captured) capture_depth_ = 0;
    }
    if (in_item_ && stack_.size() == item_depth_) {
      in_item_ = false;
      FinishItem(element);
      if (document_.items.size() >= kMostItems) {
        document_.cut = true;
        return false;
      }
    }
    return true;
  }

  // What was open when the document ended counts as far as it came: a sitemap that was cut.
  void Finish(bool stopped) {
    document_.breaks_off = !stopped && !stack_.empty();
    while (!stack_.empty() && End()) {
    }
  }

 private:
  struct Element {
    std::string name;
    std::optional<url::Url> base;
  };

  // Elements of modules that nobody here knows may be called like those of the format itself.
  bool IsKnownSpace(std::string_view space) const {
    if (space.empty() || space == root_space_) return true;
    for (std::string_view known : {"purl.org/", "w3.org/", "userland.com", "netscape.com", "sitemaps.org", "google.com/schemas", "blogger.com"}) {
      if (space.find(known) != std::string_view::npos) return true;
    }
    return false;
  }

  // Markup inside a text (XHTML) is kept as markup: what stood before it was text, so it is escaped now.
  void AppendStartTag(std::string_view name, const std::vector<Attribute>& attributes) {
    if (!markup_) {
      const std::string before = std::exchange(text_, {});
      markup_ = true;
      AppendEscaped(before);
    }
    if (text_.size() >= kMostText) {
      document_.cut = true;
      return;
    }
    text_.append("<").append(name);
    for (const Attribute& attribute : attributes) {
      text_.append(" ").append(attribute.name).append("=\"");
      AppendEscaped(attribute.value);
      text_.append("\"");
    }
    text_.append(">");
  }
  void AppendEscaped(std::string_view text) {
    for (const char c : text) {
      switch (c) {
        case '&': text_ += "&amp;"; break;
        case '<': text_ += "&lt;"; break;
        case '>': text_ += "&gt;"; break;
        default: text_.push_back(c);
      }
    }
  }
  // Of a title: what a reader sees.
  std::string Shown(std::string_view text) const { return plain_ && !markup_ && !base64_ ? text::CollapseSpace(text) : PlainText(text); }

  std::string Resolve(std::string_view address, const Element& element) const {
    const std::string trimmed(TrimAscii(address));
    if (trimmed.empty()) return {};
    const auto found = url::Canonical(trimmed, element.base ? &*element.base : nullptr);
    return found ? found->HrefWithoutFragment() : std::string();
  }

  void AddEnclosure(std::string_view address, const Element& element) {
    constexpr size_t kMostEnclosures = 50;
    if (std::string url = Resolve(address, element); !url.empty() && item_.enclosures.size() < kMostEnclosures) {
      item_.enclosures.push_back(std::move(url));
    }
  }

  // Atom's <link rel href>, also inside RSS.
  void ReadLinkAttributes(const std::vector<Attribute>& attributes, const Element& element, bool of_item, bool of_channel) {
    std::string_view href, rel = "alternate", type;
    for (const Attribute& attribute : attributes) {
      if (attribute.name == "href") href = attribute.value;
      if (attribute.name == "rel") rel = attribute.value;
      if (attribute.name == "type") type = attribute.value;
    }
    if (href.empty()) return;
    std::string url = Resolve(href, element);
    if (url.empty()) return;
    if (of_item) {
      if (rel == "enclosure") return AddEnclosure(href, element);
      if (rel != "alternate" && !rel.empty()) return;
      // The first alternate; one of text/html before others.
      const int rank = type == "text/html" || type == "application/xhtml+xml" || type.empty() ? 3 : 2;
      if (rank > link_rank_) {
        item_.url = std::move(url);
        link_rank_ = rank;
      }
    } else if (of_channel && rel == "alternate" && document_.link.empty()) {
      document_.link = std::move(url);
    }
  }

  static void Set(std::string& field, std::string value) {
    if (field.empty()) field = std::move(value);
  }

  void Take(const Element& element, std::string_view raw) {
    const std::string_view name = element.name, text = TrimAscii(raw);
    if (text.empty()) return;
    if (!in_item_) {
      if (name == "title") Set(document_.title, Shown(text));
      if (name == "link") Set(document_.link, Resolve(text, element));
      if (name == "description" || name == "subtitle" || name == "tagline") Set(document_.description, std::string(text));
      if (name == "language") Set(document_.language, std::string(text));
      if (name == "updated" || name == "modified" || name == "lastBuildDate" || (name == "date" && !document_.updated)) document_.updated = ParseDate(text);
      if (name == "pubDate" && !document_.updated) document_.updated = ParseDate(text);
      return;
    }
    if (name == "loc") Set(item_.url, Resolve(markup_ ? PlainText(text) : std::string(text), element));
    if (name == "link" && link_rank_ < 4) {
      if (std::string url = Resolve(text, element); !url.empty()) {
        item_.url = std::move(url);
        link_rank_ = 4;
      }
    }
    if (name == "guid" || name == "id") {
      Set(item_.id, std::string(text));
      // A guid that is no permalink still is one when it is written as an address.
      if (permalink_ || text.starts_with("http")) guid_ = name == "guid" || text.starts_with("http") ? Resolve(text, element) : std::string();
    }
    if (name == "title") Set(item_.title, Shown(text));
    if (name == "description" || name == "summary" || name == "abstract") Set(item_.summary, std::string(text));
    if (name == "content" || name == "encoded") Set(item_.content, std::string(text));
    if (name == "author" || name == "creator" || name == "name") Set(item_.author, PlainText(text));
    if (name == "lastmod" || name == "updated" || name == "modified") {
      // Of several the last.
      if (const auto updated = ParseDate(text)) {
        item_.updated = updated;
        item_.updated_day = DayOf(text);
      }
    }
    if (name == "pubDate" || name == "published" || name == "issued" || name == "date" || name == "publication_date" || name == "created") {
      if (!item_.published && (item_.published = ParseDate(text))) item_.published_day = DayOf(text);
    }
    if (name == "changefreq") Set(item_.change_frequency, std::string(text.substr(0, 32)));
  }

  void FinishItem(const Element& element) {
    if (item_.url.empty()) item_.url = guid_;
    if (item_.url.empty() && !about_.empty()) item_.url = Resolve(about_, element);
    about_.clear();
    const bool sitemap = document_.kind == Kind::kSitemap || document_.kind == Kind::kSitemapIndex;
    // A feed's item without an address still says something to who reads the feed; a sitemap's says nothing.
    if (sitemap && item_.url.empty()) return;
    if (sitemap && here_) {
      const auto parsed = url::Parse(item_.url);
      item_.outside = !parsed || IsOutside(*parsed, *here_);
    }
    document_.items.push_back(std::move(item_));
    item_ = {};
  }

  Document& document_;
  std::optional<url::Url> here_;
  std::vector<Element> stack_;
  size_t too_deep_ = 0;
  bool in_item_ = false;
  size_t item_depth_ = 0;
  Item item_;
  int link_rank_ = 0;
  bool permalink_ = true;
  bool markup_ = false;  // the text that is being read holds elements
  bool plain_ = false, base64_ = false;
  std::string root_space_;
  std::string guid_, about_;
  size_t capture_depth_ = 0;
  std::string text_;
};

struct Parsing {
  Reader reader;
  xmlParserCtxtPtr context = nullptr;
  bool stopped = false;
};

void OnStart(void* user, const xmlChar* name, const xmlChar* prefix, const xmlChar* space, int, const xmlChar**, int count, int,
             const xmlChar** attributes) {
  static_cast<void>(prefix);
  auto& parsing = *static_cast<Parsing*>(user);
  std::vector<Reader::Attribute> all;
  for (int i = 0; i < count; ++i) {
    const xmlChar** at = attributes + 5 * i;
    all.push_back({View(at[0]), View(at[1]), std::string_view(reinterpret_cast<const char*>(at[3]), static_cast<size_t>(at[4] - at[3]))});
  }
  parsing.reader.Start(View(name), View(space), all);
}

void OnEnd(void* user, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto& parsing = *static_cast<Parsing*>(user);
  if (!parsing.stopped && !parsing.reader.End()) {
    parsing.stopped = true;
    xmlStopParser(parsing.context);
  }
}

void OnText(void* user, const xmlChar* text, int size) {
  static_cast<Parsing*>(user)->reader.Text({reinterpret_cast<const char*>(text), static_cast<size_t>(size)});
}

// The five entities of XML; no others exist here, whatever a document declares.
xmlEntityPtr OnEntity(void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); }

void Silent(void*, const char*, ...) {}
void SilentError(void*, xmlErrorPtr) {}

// The text up to the first tag with more attributes than any page may have: libxml2 compares all attributes of a tag with each other.
std::string_view BeforeEndlessTag(std::string_view text) {
  for (size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    const std::string_view rest = text.substr(at);
    std::string_view closing;
    if (rest.starts_with("<!--")) closing = "-->";
    else if (rest.starts_with("<![CDATA[")) closing = "]]>";
    if (!closing.empty()) {
      at = text.find(closing, at);
      continue;
    }
    const size_t tag = at++;
    size_t attributes = 0;
    for (; at < text.size() && text[at] != '>'; ++at) {
      if (text[at] != '=') continue;
      if (++attributes > limits::kMaxAttributes) return text.substr(0, tag);
      size_t value = at + 1;
      while (value < text.size() && IsAsciiSpace(text[value])) ++value;
      if (value < text.size() && (text[value] == '"' || text[value] == '\'')) at = std::min(text.find(text[value], value + 1), text.size() - 1);
    }
  }
  return text;
}

void ReadXml(std::string_view text, Reader reader_at_start, Document& document) {
  static std::once_flag once;
  std::call_once(once, [] { xmlInitParser(); });
  xmlSAXHandler sax;
  std::memset(&sax, 0, sizeof sax);
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = OnStart;
  sax.endElementNs = OnEnd;
  sax.characters = OnText;
  sax.ignorableWhitespace = OnText;
  sax.cdataBlock = OnText;
  sax.getEntity = OnEntity;
  sax.warning = Silent;
  sax.error = Silent;
  sax.serror = SilentError;
  Parsing parsing{std::move(reader_at_start)};
  // Nothing may stand before the declaration but the byte order mark; things do.
  while (!text.empty() && (IsAsciiSpace(text.front()) || text.front() == '\0')) text.remove_prefix(1);
  const size_t whole = text.size();
  text = BeforeEndlessTag(text);
  document.cut = document.cut || text.size() < whole;
  if (text.empty()) return;
  const std::unique_ptr<xmlParserCtxt, void (*)(xmlParserCtxtPtr)> context(
      xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())), xmlFreeParserCtxt);
  if (!context) return;
  parsing.context = context.get();
  *context->sax = sax;
  context->userData = &parsing;
  xmlCtxtUseOptions(context.get(), XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
  xmlParseDocument(context.get());
  document.well_formed = context->wellFormed != 0;
  // libxml2 makes a document of what it declares, even for a reader that wants none.
  if (context->myDoc != nullptr) {
    xmlFreeDoc(context->myDoc);
    context->myDoc = nullptr;
  }
  parsing.reader.Finish(parsing.stopped);
}

// One URL a line. A few lines that are none are passed over; a text that has more of them is no sitemap.
bool ReadLines(std::string_view text, const std::optional<url::Url>& here, Document& document) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = TrimAscii(text.substr(at, end - at));
    at = end + 1;
    if (line.empty()) continue;
    const bool address = line.starts_with("http://") || line.starts_with("https://");
    const auto url = address ? url::Canonical(line) : url::Canonical("");
    if (!url) {
      ++document.bad_lines;
      continue;
    }
    if (document.items.size() >= kMostItems) {
      document.cut = true;
      break;
    }
    Item item;
    item.url = url->HrefWithoutFragment();
    item.outside = here && IsOutside(*url, *here);
    document.items.push_back(std::move(item));
  }
  return !document.items.empty() && document.bad_lines <= document.items.size();
}

// UTF-32, which the Encoding Standard does not know and XML does.
std::string FromUtf32(std::string_view bytes, bool big_endian) {
  std::string out;
  for (size_t i = 0; i + 3 < bytes.size(); i += 4) {
    uint32_t c = 0;
    for (size_t k = 0; k < 4; ++k) c |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[i + k])) << (big_endian ? 24 - 8 * k : 8 * k);
    if (c != 0xFEFF) text::AppendUtf8(out, c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : static_cast<char32_t>(c));
  }
  return out;
}

std::string_view TrimQuotes(std::string_view label) {
  label = TrimAscii(label);
  while (!label.empty() && (label.front() == '\'' || label.front() == '"')) label.remove_prefix(1);
  while (!label.empty() && (label.back() == '\'' || label.back() == '"')) label.remove_suffix(1);
  return label;
}

// The encoding of an XML document (XML 1.0 appendix F, RFC 7303): byte order mark, then what the response says, then the declaration, then UTF-8. A
// label that the bytes contradict is passed over.
std::string ToUtf8(std::string_view bytes, std::string_view content_type, std::string& charset) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("<\0\0\0"sv)) return charset = "UTF-32LE", FromUtf32(bytes, false);
  if (bytes.starts_with("\0\0\xFE\xFF"sv) || bytes.starts_with("\0\0\0<"sv)) return charset = "UTF-32BE", FromUtf32(bytes, true);
  std::vector<std::string> names;
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    names.push_back("UTF-8");
  } else if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("<\0"sv)) {
    names.push_back("UTF-16LE");
    if (bytes[0] != '<') bytes.remove_prefix(2);
  } else if (bytes.starts_with("\xFE\xFF") || bytes.starts_with("\0<"sv)) {
    names.push_back("UTF-16BE");
    if (bytes[0] != '\0') bytes.remove_prefix(2);
  }
  const auto add = [&names](std::string_view label) {
    if (const auto name = decode::EncodingForLabel(TrimQuotes(label))) names.emplace_back(*name == "GBK" ? "gb18030"sv : *name);
  };
  const bool marked = !names.empty();
  if (!marked) {
    add(http::ParseContentType(content_type).charset);
    const std::string_view head = bytes.substr(0, 512);
    if (const size_t at = head.find("encoding"); head.find("<?xml") < at && at < head.find("?>")) {
      const size_t open = head.find_first_of("\"'", at);
      if (open != std::string_view::npos) {
        const size_t close = head.find(head[open], open + 1);
        if (close != std::string_view::npos) add(head.substr(open + 1, close - open - 1));
      }
    }
    names.push_back("UTF-8");
  }
  std::optional<decode::StrictResult> first;
  for (const std::string& name : names) {
    // Bytes that can be read have no UTF-16 without its marks.
    if (!marked && name.starts_with("UTF-16")) continue;
    decode::StrictResult result = decode::DecodeAs(bytes, name);
    if (result.errors == 0) {
      charset = name;
      return std::move(result.text);
    }
    if (!first) {
      first = std::move(result);
      charset = name;
    }
  }
  // Nothing fits: what the bytes themselves look like.
  decode::DecodedText guessed = decode::Decode(bytes, {.content_type = {}, .default_encoding = "GBK", .html = false});
  if (first && first->errors <= guessed.errors) return std::move(first->text);
  charset = guessed.charset;
  return std::move(guessed.text);
}

std::string_view WithoutMark(std::string_view payload) {
  if (payload.starts_with("\xEF\xBB\xBF")) payload.remove_prefix(3);
  return TrimAscii(payload);
}

}  // namespace

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kNone: return "none";
    case Kind::kSitemap: return "sitemap";
    case Kind::kSitemapIndex: return "sitemap_index";
    case Kind::kTextSitemap: return "text_sitemap";
    case Kind::kRss: return "rss";
    case Kind::kAtom: return "atom";
  }
  return "none";
}

Document Parse(const Input& input) {
  Document document;
  std::string inflated;
  std::string_view payload = input.payload;
  if (payload.starts_with("\x1F\x8B")) {
    http::DecodedContent content = http::DecodeContent(payload, "gzip", kMostBytes);
    if (!content.problem.empty()) document.cut = true;
    inflated = std::move(content.bytes);
    payload = inflated;
  }
  if (payload.size() > kMostBytes) {
    payload = payload.substr(0, kMostBytes);
    document.cut = true;
  }
  const std::string text = ToUtf8(payload, input.content_type, document.charset);
  const std::string_view start = WithoutMark(text);
  std::optional<url::Url> here;
  if (auto parsed = url::Parse(input.url)) here = std::move(*parsed);
  if (!start.starts_with("<")) {
    if (ReadLines(start, here, document)) {
      document.kind = Kind::kTextSitemap;
    } else {
      document.items.clear();
    }
    return document;
  }
  ReadXml(start, Reader(input.url, document), document);
  if (document.kind == Kind::kNone) document.items.clear();
  return document;
}

bool LooksLikeOne(std::string_view content_type, std::string_view payload) {
  const std::string essence = http::ParseContentType(content_type).essence;
  std::string inflated;
  if (payload.starts_with("\x1F\x8B")) {
    inflated = http::DecodeContent(payload, "gzip", 4096).bytes;
    payload = inflated;
  }
  std::string_view start = WithoutMark(payload.substr(0, 4096));
  // UTF-16 shows as every other byte.
  std::string narrow;
  if (start.size() > 3 && (start[1] == '\0' || start[2] == '\0' || start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"))) {
    for (const char c : start) {
      if (c != '\0') narrow.push_back(c);
    }
    start = narrow;
    start = start.substr(std::min(start.size(), start.find('<')));
  }
  if (start.empty() || start[0] != '<') {
    return (essence == "text/plain" || essence == "application/gzip" || essence == "application/x-gzip") &&
           (start.starts_with("http://") || start.starts_with("https://"));
  }
  // Past declaration, comments, processing instructions and document type: the root's name.
  while (start.size() > 1 && (start[1] == '?' || start[1] == '!')) {
    if (EqualsIgnoreAsciiCase(start.substr(0, 14), "<!doctype html")) return false;
    const bool comment = start.starts_with("<!--");
    size_t end = start.find(comment ? "-->" : start[1] == '?' ? "?>" : ">");
    if (!comment && start[1] == '!') {
      if (const size_t subset = start.find('['); subset < end) end = start.find("]>", subset) == std::string_view::npos ? std::string_view::npos : start.find("]>", subset) + 1;
    }
    if (end == std::string_view::npos) return false;
    start = TrimAscii(start.substr(end + (comment ? 3 : start[1] == '?' ? 2 : 1)));
    if (start.empty()) return false;
  }
  std::string_view name = start.substr(std::min<size_t>(1, start.size()));
  name = name.substr(0, name.find_first_of(" \t\r\n/>"));
  if (const size_t colon = name.find(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
  return name == "urlset" || name == "sitemapindex" || name == "rss" || name == "RDF" || name == "feed" || name == "channel";
}

}  // namespace fangzhi::discovery
