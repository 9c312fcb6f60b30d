#include "html/tag_table.h"

#include <initializer_list>
#include <string_view>

#include "html/html.h"

namespace fangzhi::html {

namespace {

struct Kinds {
  std::array<TagKind, kTags> of{};
  std::array<bool, kTags> special{};  
  std::array<bool, kTags> implied_end{};
};

const Kinds& TheKinds() {
  static const Kinds kinds = [] {
    Kinds k;
    const auto set = [&k](std::initializer_list<std::string_view> names, TagKind kind) {
      for (const std::string_view name : names) {
        if (const uint16_t tag = Tag(name); tag < kTags) k.of[tag] = kind;
      }
    };
    set({"abbr", "acronym", "audio", "bdi", "bdo", "canvas", "cite", "data", "datalist", "del", "dfn", "ins", "kbd", "label", "legend", "map", "mark",
         "meter", "noscript", "output", "progress", "q", "ruby", "samp", "span", "sub", "sup", "time", "var", "video", "blink"},
        TagKind::kOrdinary);
    set({"address", "article", "aside", "blockquote", "center", "details", "dir", "div", "dl", "fieldset", "figcaption", "figure", "footer", "header",
         "hgroup", "main", "menu", "nav", "ol", "section", "summary", "ul"},
        TagKind::kBlock);
    set({"p"}, TagKind::kParagraph);
    set({"h1", "h2", "h3", "h4", "h5", "h6"}, TagKind::kHeading);
    set({"pre", "listing"}, TagKind::kPreformatted);
    set({"li"}, TagKind::kListItem);
    set({"dd", "dt"}, TagKind::kDefinition);
    set({"form"}, TagKind::kForm);
    set({"button"}, TagKind::kButton);
    set({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"}, TagKind::kFormatting);
    set({"a"}, TagKind::kAnchor);
    set({"applet", "marquee", "object"}, TagKind::kFrameOfFormats);
    set({"table"}, TagKind::kTable);
    set({"caption"}, TagKind::kCaption);
    set({"colgroup"}, TagKind::kColumnGroup);
    set({"col"}, TagKind::kColumn);
    set({"tbody", "tfoot", "thead"}, TagKind::kRowGroup);
    set({"tr"}, TagKind::kRow);
    set({"td", "th"}, TagKind::kCell);
    set({"area", "br", "embed", "img", "input", "keygen", "wbr"}, TagKind::kVoid);
    set({"base", "basefont", "bgsound", "link", "meta", "param", "source", "track"}, TagKind::kSilentVoid);
    set({"hr"}, TagKind::kRule);
    set({"script", "style", "iframe"}, TagKind::kRawText);
    set({"noembed", "noframes", "textarea", "title"}, TagKind::kEscapedText);
    set({"select"}, TagKind::kSelect);
    set({"option"}, TagKind::kOption);
    set({"optgroup"}, TagKind::kOptionGroup);
    set({"body", "frame", "head", "html"}, TagKind::kIgnored);
    for (size_t tag = 0; tag < kTags; ++tag) k.special[tag] = (Table().flags[tag] & kSpecial) != 0;
    k.special[Tag("main")] = false;  // as in Gumbo
    for (const std::string_view name : {"dd", "dt", "li", "optgroup", "option", "p"}) k.implied_end[Tag(name)] = true;
    return k;
  }();
  return kinds;
}

}  // namespace

TagKind KindOf(uint32_t tag) { return tag < kTags ? TheKinds().of[tag] : TagKind::kOrdinary; }
bool IsSpecial(uint32_t tag) { return tag < kTags && TheKinds().special[tag]; }
bool HasImpliedEnd(uint32_t tag) { return tag < kTags && TheKinds().implied_end[tag]; }

const TagTable& Table() {
  static const TagTable table = [] {
    TagTable t;
    const auto set = [&t](std::initializer_list<std::string_view> names, uint32_t flag) {
      for (const std::string_view name : names) {
        if (const uint16_t tag = Tag(name); tag < kTags) t.flags[tag] |= flag;
      }
    };
    set({"area", "base", "basefont", "bgsound", "br", "col", "command", "embed", "frame", "hr", "image", "img", "input",
         "isindex", "keygen", "link", "menuitem", "meta", "param", "source", "track", "wbr"},
        kVoid);
    set({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}, kFormatting);
    set({"address", "applet", "area", "article", "aside", "base", "basefont", "bgsound", "blockquote", "body", "br",
         "button", "caption", "center", "col", "colgroup", "dd", "details", "dir", "div", "dl", "dt", "embed", "fieldset",
         "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head",
         "header", "hgroup", "hr", "html", "iframe", "img", "input", "isindex", "li", "link", "listing", "main", "marquee",
         "menu", "meta", "nav", "noembed", "noframes", "noscript", "object", "ol", "p", "param", "plaintext", "pre",
         "script", "section", "select", "style", "summary", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
         "thead", "title", "tr", "ul", "wbr", "xmp"},
        kSpecial);
    set({"applet", "caption", "html", "marquee", "object", "table", "td", "template", "th"}, kScope);
    set({"html", "table", "template"}, kTableScope);
    set({"applet", "caption", "marquee", "object", "td", "template", "th"}, kMarker);
    set({"address", "article", "aside", "blockquote", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
         "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li",
         "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "section", "summary", "table", "ul", "xmp"},
        kClosesP);
    set({"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"}, kRaw);
    set({"h1", "h2", "h3", "h4", "h5", "h6"}, kHeading);
    set({"td", "th"}, kCell);
    set({"caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"}, kTablePart);
    set({"caption", "colgroup", "tbody", "tfoot", "thead"}, kRowGroup);
    set({"option", "optgroup", "script", "template"}, kSelectPart);
    set({"input", "keygen", "select", "textarea"}, kSelectEnd);
    set({"b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2",
         "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre",
         "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var"},
        kBreakout);
    set({"body", "head", "html"}, kSingle);
    set({"desc", "foreignobject", "mi", "mn", "mo", "ms", "mtext", "title"}, kIntegration);
    set({"math", "svg"}, kForeignRoot);
    t.a = Tag("a");
    t.button = Tag("button");
    t.caption = Tag("caption");
    t.colgroup = Tag("colgroup");
    t.dd = Tag("dd");
    t.dt = Tag("dt");
    t.form = Tag("form");
    t.li = Tag("li");
    t.option = Tag("option");
    t.p = Tag("p");
    t.plaintext = Tag("plaintext");
    t.script = Tag("script");
    t.select = Tag("select");
    t.table = Tag("table");
    t.tbody = Tag("tbody");
    t.template_ = Tag("template");
    t.tr = Tag("tr");
    return t;
  }();
  return table;
}

}  // namespace fangzhi::html
