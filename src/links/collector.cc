#include "links/collector.h"

#include <algorithm>

#include "base/limits.h"
#include "base/strings.h"
#include "html/script_reader.h"
#include "links/classify.h"
#include "links/data_rows.h"
#include "links/days.h"
#include "links/items.h"
#include "links/literals.h"
#include "links/requisites.h"
#include "links/shape.h"
#include "model/counter_addresses.h"
#include "model/documents.h"
#include "model/parts.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

using html::Node;
using html::NodeIndex;
using model::Link;
using model::LinkKind;

constexpr size_t kMaxOptionBytes = 300;
// How strongly a source binds the kind: a counter stays one however else it is linked.
int Rank(Source source) {
  switch (source) {
    case Source::kCounter:
      return 6;
    case Source::kFeed:
      return 5;
    case Source::kEmbedded:
      return 5;
    case Source::kRequisite:
      return 4;
    case Source::kPager:
      return 3;
    case Source::kItem:
      return 2;
    case Source::kAnchor:
      return 2;
    case Source::kFrame:
      return 1;
    case Source::kPage:
      return 0;
  }
  return 0;
}

}  // namespace

Collector::Collector(const url::Url& page_url, url::Url base, const url::QueryEncoder& query_encoder, const model::Profile* profile, const model::Profiles* families)
    : page_url_(page_url),
      page_site_(page_url.host ? SiteOf(*page_url.host) : std::string_view()),
      targets_(std::move(base), query_encoder, profile, families),
      list_(page_url, families) {}

Found* Collector::Add(std::string_view href, Source source) {
  href = TrimAscii(href);
  if (href.empty() || href[0] == '#' || href.size() > limits::kMaxUrlBytes) return nullptr;
  const size_t hash = std::hash<std::string_view>{}(href);
  const uint32_t at = by_href_.FindOrAdd(hash, static_cast<uint32_t>(seen_.size()), [&](uint32_t known) { return seen_[known].href == href; });
  if (at == seen_.size()) {
    const uint32_t found = FindNew(href, hash, source);
    // The first href of a link is kept with it.
    const bool kept = found != kNoLink && found_[found].target->href == href;
    seen_.push_back({kept ? std::string_view(found_[found].target->href) : std::string_view(hrefs_.emplace_back(href)), found});
  }
  if (seen_[at].found == kNoLink) return nullptr;
  Found& found = found_[seen_[at].found];
  if (Rank(source) > Rank(found.source)) found.source = source;
  return &found;
}

// The number of the link that an href is, which the page has not had before.
uint32_t Collector::FindNew(std::string_view href, size_t hash, Source source) {
  if (found_.size() >= limits::kMaxLinks) return kNoLink;
  std::shared_ptr<Target> target = targets_.Read(href, hash);
  if (!target->leads) return kNoLink;
  // Requests that a page makes to be counted, and those that a family's file names, whichever family the page is of: they are no links. A beacon that a
  // reader would have to follow is told as a link; the frontier takes none.
  if (target->never || (source != Source::kAnchor && target->IsBeacon())) return kNoLink;
  const uint32_t at = by_address_.FindOrAdd(target->address_hash, static_cast<uint32_t>(found_.size()),
                                            [&](uint32_t known) { return found_[known].target->address == target->address; });
  if (at == found_.size()) {
    Found& found = found_.emplace_back();
    found.shape = target->shape;
    found.target = std::move(target);
    found.source = source;
  }
  return at;
}

// What is loaded with the page: a part of it, unless it is a counter.
void Collector::AddLoaded(std::string_view src, Source source) {
  Found* found = Add(src, source);
  if (found != nullptr && found->target->CountsWhenLoaded()) found->source = Source::kCounter;
}

// A frame, an <embed> or an <object>: a document that it shows belongs to the text as one that is linked; its viewer is a part of the page.
void Collector::AddEmbedded(std::string_view src, Source source) {
  const auto target = targets_.Resolve(TrimAscii(src));
  const auto document = target ? model::EmbeddedDocument(*target) : std::nullopt;
  if (!document) return AddLoaded(src, source);
  const bool viewer = document->path != target->path || document->host != target->host;
  Add(document->Href(), Source::kEmbedded);
  if (viewer) Add(src, Source::kRequisite);
}

void Collector::AddStyle(std::string_view css) {
  for (const std::string& target : StyleTargets(css)) AddLoaded(target, Source::kRequisite);
}

void Collector::AddAnchor(const html::Document& document, NodeIndex index, std::string_view href, ItemReader& items) {
  std::string shown;
  if (href.find('?') != std::string_view::npos && (href.find("htm?") != std::string_view::npos || href.find("html?") != std::string_view::npos)) {
    // A link to a viewer is one to the document.
    const auto target = targets_.Resolve(TrimAscii(href));
    const auto file = target ? model::EmbeddedDocument(*target) : std::nullopt;
    if (file && Add(href, Source::kRequisite) != nullptr) shown = file->Href();
  }
  Found* found = Add(shown.empty() ? href : std::string_view(shown), Source::kAnchor);
  if (found == nullptr) return;
  const Item* item = items.Find(index);
  if (item == nullptr) {  // an <option>: a name among names
    if (found->text.empty()) found->text = text::CollapseSpace(html::TextContent(document, index)).substr(0, kMaxOptionBytes);
    return;
  }
  // The same link is often there twice, as a picture and as a title: the title counts, and the row that it stands in.
  if (!found->anchored || found->text.empty() || (item->title != found->text && TitleLength(item->title) > TitleLength(found->text))) {
    if (!item->title.empty() || found->text.empty()) found->text = item->title;
    found->block = item->block;
  }
  found->anchored = true;
  found->dated = found->dated || item->dated;
  if (found->date.empty()) found->date = item->date;
  if (found->month == 0 && found->day == 0) {
    found->month = item->month;
    found->day = item->day;
  }
  found->navigation = found->navigation && item->navigation;
  found->footer = found->footer && item->footer;
}

// <select onchange="location='/news.asp?page='+this.value+'&c=3'">: each option's value is a part of the address that it leads to.
void Collector::AddChoices(const html::Document& document, NodeIndex select, std::string_view script, ItemReader& items) {
  static const uint16_t option = html::Tag("option");
  constexpr size_t kMostChoices = 500;
  const std::optional<AroundChoice> around = ReadAroundChoice(script);
  if (!around) return;
  size_t choices = 0;
  for (NodeIndex i = select + 1; i < document.node(select).end && choices < kMostChoices; ++i) {
    if (document.node(i).tag != option) continue;
    const std::string_view value = TrimAscii(document.attribute(i, "value").value_or(""));
    if (value.empty() || !std::all_of(value.begin(), value.end(), html::IsScriptNamePart)) continue;
    AddAnchor(document, i, around->before + std::string(value) + around->after, items);
    ++choices;
  }
}

void Collector::AddItem(std::string_view href, std::string title, std::string date) {
  Found* found = Add(href, Source::kItem);
  if (found == nullptr) return;
  if (found->text.empty()) found->text = std::move(title);
  found->dated = found->dated || !date.empty();
  if (found->date.empty()) found->date = std::move(date);
}

void Collector::ElementLink(const html::Document& document, NodeIndex index) {
  const auto href = document.attribute(index, "href");
  if (!href) return;
  const std::string rel = ToAsciiLower(document.attribute(index, "rel").value_or(""));
  const std::string type = ToAsciiLower(document.attribute(index, "type").value_or(""));
  const auto has = [&rel](std::string_view word) {
    for (const std::string_view part : Split(rel, ' ')) {
      if (part == word) return true;
    }
    return false;
  };
  Source source = Source::kPage;
  if (has("alternate") && (type.find("rss") != std::string::npos || type.find("atom") != std::string::npos)) {
    source = Source::kFeed;
  } else if (has("stylesheet") || rel.find("icon") != std::string::npos || has("manifest") || has("preload") ||
             has("modulepreload") || has("image_src")) {
    source = Source::kRequisite;
  } else if (has("dns-prefetch") || has("preconnect") || has("pingback") || has("profile") || has("edituri")) {
    return;
  } else if (has("next") || has("prev")) {
    source = Source::kPager;
  } else if (!has("canonical") && !has("alternate") && !has("amphtml")) {
    return;
  }
  Found* found = Add(*href, source);
  if (found != nullptr && found->text.empty()) {
    found->text = text::CollapseSpace(document.attribute(index, "title").value_or(""));
  }
}

// Hanweb lists keep their rows as markup in <script type="text/xml"><datastore>…<record><![CDATA[<li>…]]></record>.
void Collector::EmbeddedRecords(std::string_view script) {
  std::string markup;
  size_t at = 0;
  static constexpr std::string_view kOpen = "<![CDATA[", kClose = "]]>";
  while ((at = script.find(kOpen, at)) != std::string_view::npos) {
    at += kOpen.size();
    const size_t end = script.find(kClose, at);
    markup += script.substr(at, end == std::string_view::npos ? end : end - at);
    markup += "\n";
    if (end == std::string_view::npos) break;
    at = end;
  }
  if (markup.find('<') == std::string::npos) return;
  Walk(html::Document::Parse(std::move(markup)), false);
}

void Collector::ElementScript(const html::Document& document, NodeIndex index) {
  if (const auto src = document.attribute(index, "src")) {
    AddLoaded(*src, Source::kRequisite);
    return;
  }
  const Node& node = document.node(index);
  for (NodeIndex i = index + 1; i < node.end; ++i) {
    if (document.node(i).type != html::NodeType::kText) continue;
    const std::string_view script = document.node(i).text;
    list_.Script(script);
    ScriptRows(script);
    for (const std::string& target : CounterTargets(script)) Add(target, Source::kCounter);
    if (in_written_) continue;  // what a script writes may hold scripts that write
    if (std::string markup = WrittenMarkup(script); !markup.empty()) {
      in_written_ = true;
      Walk(html::Document::Parse(std::move(markup)), false);
      in_written_ = false;
    }
  }
}

// Lists whose rows a script holds as data and writes into the page.
void Collector::ScriptRows(std::string_view script) {
  FindScriptRows(script, [this](std::vector<DataRow>& rows) {
    size_t dated = 0, articles = 0;
    for (const DataRow& row : rows) {
      dated += row.date.empty() ? 0 : 1;
      if (const auto url = targets_.Resolve(row.address)) articles += ShapeOf(*url) == Shape::kArticle ? 1 : 0;
    }
    // Services and columns are kept like this too, but have neither days nor addresses of articles.
    if (dated * 2 < rows.size() && articles * 2 < rows.size()) return;
    for (DataRow& row : rows) AddItem(row.address, std::move(row.title), std::move(row.date));
    list_.RowsInScript();
  });
}

void Collector::Element(const html::Document& document, NodeIndex index, ItemReader& items) {
  struct Tags {
    uint16_t a = html::Tag("a"), area = html::Tag("area"), link = html::Tag("link"), img = html::Tag("img"),
             script = html::Tag("script"), source = html::Tag("source"), embed = html::Tag("embed"),
             object = html::Tag("object"), iframe = html::Tag("iframe"), frame = html::Tag("frame"),
             option = html::Tag("option"), select = html::Tag("select"), param = html::Tag("param"), input = html::Tag("input"), video = html::Tag("video"), audio = html::Tag("audio");
  };
  static const Tags tags;
  const uint16_t tag = document.node(index).tag;
  for (const html::Attribute& attribute : document.attributes(document.node(index))) {
    const std::string_view name = attribute.name;
    const std::string_view value = attribute.value;
    if (name == "href" || name == "xlink:href") {
      if (tag == tags.link) {
        ElementLink(document, index);
      } else if (tag == tags.a || tag == tags.area) {
        if (EqualsIgnoreAsciiCase(TrimAscii(value).substr(0, 11), "javascript:")) {
          for (const std::string& target : HandlerTargets(value)) AddAnchor(document, index, target, items);
          if (const Item* item = items.Find(index); item != nullptr && IsPagerText(item->title, Shape::kUnknown)) {
            list_.Handler(value, item->title);
          }
        } else {
          AddAnchor(document, index, value, items);
        }
      }
    } else if (name == "src" || name == "data-src" || name == "data-original" || name == "poster") {
      if (tag == tags.script) continue;
      if (tag == tags.iframe || tag == tags.frame) {
        if (name == "src") AddEmbedded(value, Source::kFrame);
      } else if (tag == tags.embed) {
        AddEmbedded(value, Source::kRequisite);
      } else if (tag == tags.img || tag == tags.source || tag == tags.video || tag == tags.audio ||
                 tag == tags.input) {
        AddLoaded(value, Source::kRequisite);
      }
    } else if (name == "data" && tag == tags.object) {
      AddEmbedded(value, Source::kRequisite);
    } else if (name == "srcset" || name == "data-srcset" || name == "imagesrcset") {
      for (const std::string_view picture : PictureSet(value)) AddLoaded(picture, Source::kRequisite);
    } else if (name == "style" && FindIgnoreAsciiCase(value, "url(") != std::string_view::npos) {
      AddStyle(value);
    } else if (name == "background") {
      AddLoaded(value, Source::kRequisite);
    } else if ((name == "data-href" || name == "data-url" || name == "data-link" || (name == "url" && tag == tags.a)) && tag != tags.img && LooksLikeUrl(value)) {
      AddAnchor(document, index, value, items);
    } else if (name == "onclick") {
      for (const std::string& target : HandlerTargets(value)) AddAnchor(document, index, target, items);
      if (const Item* item = items.Find(index); item != nullptr && IsPagerText(item->title, Shape::kUnknown)) {
        list_.Handler(value, item->title);
      }
    } else if (name == "value" && tag == tags.option) {
      if (LooksLikeUrl(value)) AddAnchor(document, index, value, items);
    } else if (name == "onchange" && tag == tags.select) {
      AddChoices(document, index, value, items);
    } else if (name == "value" && tag == tags.param) {
      const auto target = LooksLikeUrl(value) ? targets_.Resolve(TrimAscii(value)) : url::Canonical("");
      if (target && model::EmbeddedDocument(*target)) AddEmbedded(value, Source::kRequisite);
    } else if (name == "url" && document.HasClass(index, "WP_VisitCount")) {
      Add(value, Source::kCounter);
    }
  }
  if (tag == tags.script) ElementScript(document, index);
  list_.Element(document, index);
}

void Collector::Walk(const html::Document& document, bool outer) {
  static const uint16_t script = html::Tag("script"), style = html::Tag("style"), template_tag = html::Tag("template");
  const std::span<const Node> nodes = document.nodes();
  ItemReader items(document, next_block_, page_url_.host && page_url_.host->ends_with(".tw"));
  next_block_ += items.blocks();
  found_.reserve(found_.size() + items.links());
  by_address_.Reserve(found_.size() + items.links());
  by_href_.Reserve(seen_.size() + items.links());
  for (NodeIndex i = 0; i < nodes.size();) {
    const Node& node = nodes[i];
    if (node.type != html::NodeType::kElement) {
      if (node.type == html::NodeType::kText) list_.Text(document, i);
      ++i;
      continue;
    }
    if (node.tag == template_tag) {
      i = node.end;
      continue;
    }
    if (node.attribute_count != 0 || node.tag == script) Element(document, i, items);
    if (node.tag == style && node.end > i + 1) AddStyle(nodes[i + 1].text);
    if (outer && node.tag == script && node.end > i + 1) {
      const std::string_view text = nodes[i + 1].text;
      if (text.find("<record>") != std::string_view::npos) EmbeddedRecords(text);
    }
    ++i;
  }
}

void Collector::Group() {
  HashIndex by_form;
  by_form.Reserve(found_.size());
  std::vector<Target*> forms;  // one of each
  forms.reserve(found_.size());
  forms_.reserve(found_.size());
  blocks_.resize(next_block_ + 1);
  for (Found& found : found_) {
    if (found.source != Source::kAnchor || !found.anchored) continue;
    Target& target = *found.target;
    found.form = by_form.FindOrAdd(target.FormHash(), static_cast<uint32_t>(forms.size()), [&](uint32_t known) { return forms[known]->Form() == target.Form(); });
    if (found.form == forms.size()) {
      forms.push_back(&target);
      forms_.emplace_back();
    }
    const size_t length = TitleLength(found.text);
    forms_[found.form].Add(length, found.dated, found.shape);
    blocks_[found.block].Add(length, found.dated, found.shape);
  }
}

LinkKind Collector::KindOf(const Found& found) const {
  switch (found.source) {
    case Source::kCounter:
      return LinkKind::kCounter;
    case Source::kFeed:
      return LinkKind::kFeed;
    case Source::kEmbedded:
      return LinkKind::kAttachment;
    case Source::kRequisite:
      return LinkKind::kRequisite;
    case Source::kPager:
      return LinkKind::kList;
    case Source::kItem:
      if (const auto kind = ShapeKind(found.shape)) return *kind;
      return found.shape == Shape::kList || found.shape == Shape::kHome ? LinkKind::kList : LinkKind::kArticle;
    case Source::kFrame:
    case Source::kPage:
      return found.shape == Shape::kAttachment ? LinkKind::kAttachment : LinkKind::kPage;
    case Source::kAnchor:
      break;
  }
  // The address says nothing, and the text names a file.
  const bool tells = found.shape == Shape::kMedia || found.shape == Shape::kFeed || found.shape == Shape::kTrap || found.shape == Shape::kHome;
  if (!tells && model::NamesDocument(found.text) && model::LeadsToDocument(found.target->url, found.text)) return LinkKind::kAttachment;
  static const LikeFacts kAlone;
  const bool same_site = page_url_.host && found.target->url.host && found.target->site == page_site_;
  return AnchorKind({found.target->url, found.text, found.shape, same_site, found.dated, found.anchored && found.navigation,
                     found.anchored && found.footer, found.anchored ? forms_[found.form] : kAlone,
                     found.anchored ? blocks_[found.block] : kAlone});
}

namespace {

// The year of a row's 11-29, where the address has the month too: /202111/, /2021/11/29/, t20211129_1.
std::string DayByAddress(const url::Url& url, int month, int day) {
  if (month == 0 || day == 0) return {};
  const std::string_view path = url.path;
  for (size_t at = 0; at + 6 <= path.size(); ++at) {
    if (path[at] != '2' && path[at] != '1') continue;
    if (at > 0 && IsAsciiDigit(path[at - 1])) continue;
    const auto year = ParseUint(path.substr(at, 4));
    if (!year || *year < 1990 || *year > 2099) continue;
    size_t next = at + 4;
    if (path[next] == '/' || path[next] == '-') ++next;
    size_t digits = 0;
    while (next + digits < path.size() && digits < 2 && IsAsciiDigit(path[next + digits])) ++digits;
    if (const auto found = ParseUint(path.substr(next, digits)); found && *found == static_cast<uint64_t>(month)) {
      return FormatDay(static_cast<int>(*year), month, day);
    }
  }
  return {};
}

}  // namespace

// The number of a page whose file is called like it, <a href="41.html">41</a>. A text is linked by its title, and a calendar's day is no file's whole name.
bool IsNumberOfItsFile(std::string_view text, const url::Url& url) {
  if (text.empty() || text.size() > 5 || !AllDigits(text)) return false;
  const std::string_view file = std::string_view(url.path).substr(url.path.rfind('/') + 1);
  return file.size() > text.size() && file.starts_with(text) && file[text.size()] == '.';
}

std::vector<Link> Collector::Finish(model::ListFacts* list) {
  for (Found& found : found_) {
    if (found.shape == Shape::kArticle && IsNumberOfItsFile(found.text, found.target->url)) found.shape = Shape::kList;
  }
  Group();
  std::vector<LinkKind> kinds;
  kinds.reserve(found_.size());
  const bool text_page = ShapeOf(page_url_) == Shape::kArticle;
  items_ = 0;
  for (const Found& found : found_) {
    LinkKind kind = KindOf(found);
    const bool pager = found.source == Source::kPager || (found.anchored && IsPagerText(found.text, found.shape));
    // A headline leads to another article, however alike their addresses are.
    const auto worded = [&] { return pager || found.text.empty() || model::ReadPagerWord(found.text, nullptr) != model::PagerWord::kNone; };
    if (text_page && (pager || kind == LinkKind::kArticle) && worded() && model::PartsOfOne(page_url_, found.target->url)) {
      kind = LinkKind::kPage;  // a further page of this text
    } else if (pager && kind == LinkKind::kList && found.anchored) {
      list_.PagerLink(found.target->url, found.text);
    }
    if (kind == LinkKind::kArticle || (kind == LinkKind::kAttachment && found.dated)) ++items_;
    kinds.push_back(kind);
  }
  const bool is_list = !text_page;
  const size_t before = found_.size();
  for (const std::string& target : list_.Targets(items_, is_list)) Add(target, Source::kPager);
  for (size_t i = 0; i < before; ++i) {
    if (found_[i].source == Source::kPager && kinds[i] != LinkKind::kPage) kinds[i] = LinkKind::kList;
  }
  for (size_t i = before; i < found_.size(); ++i) {
    const bool own = text_page && (model::PartsOfOne(page_url_, found_[i].target->url) || found_[i].target->url.path == page_url_.path);
    kinds.push_back(own ? LinkKind::kPage : KindOf(found_[i]));
  }
  const bool past_end = list_.facts().past_end;
  if (list != nullptr) *list = list_.facts();

  // Another view of what is here anyway is not followed, but from within itself: whose seed it is wants it.
  const bool leave_views = !IsOtherView(page_url_);
  std::vector<Link> links;
  links.reserve(found_.size());
  for (size_t i = 0; i < found_.size(); ++i) {
    Found& found = found_[i];
    // Behind the last page nothing is followed: lists that answer every number of a page have no end.
    if (past_end && kinds[i] == LinkKind::kList &&
        (found.source == Source::kPager || IsPagerText(found.text, found.shape))) {
      continue;
    }
    const bool page = kinds[i] == LinkKind::kPage || kinds[i] == LinkKind::kList;
    if (leave_views && page && found.source == Source::kAnchor && found.target->url.path != "/" &&
        (found.shape == Shape::kTrap ? IsOtherView(found.target->url) : IsOtherViewText(found.text))) {
      continue;
    }
    if (found.source == Source::kAnchor && !found.dated && kinds[i] != LinkKind::kAttachment && IsAction(found.target->url, found.text, found.shape)) continue;
    Link link;
    link.kind = kinds[i];
    link.url = found.target->address;
    link.text = std::move(found.text);
    link.date = found.date.empty() ? DayByAddress(found.target->url, found.month, found.day) : std::move(found.date);
    links.push_back(std::move(link));
  }
  for (const Link& posted : list_.posts()) {
    if (links.size() < limits::kMaxLinks) links.push_back(posted);
  }
  return links;
}

}  // namespace fangzhi::links
