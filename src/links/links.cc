#include "links/links.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/limits.h"
#include "base/strings.h"
#include "links/item.h"
#include "links/literals.h"
#include "links/shape.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

using html::kNone;
using html::Node;
using html::NodeIndex;
using model::Link;
using model::LinkKind;

// Nodes of an anchor that are read for its text: a block that was made a link is small, and nested ones stay linear.
constexpr NodeIndex kMaxAnchorNodes = 300;
constexpr size_t kMaxTextBytes = 1000;
// Pages of one pager that are listed; the crawler finds the rest from the last of them.
constexpr size_t kMaxPagerPages = 500;

// How a link was written. An anchor's kind is decided when all of the page is known.
enum class Source { kAnchor, kFrame, kRequisite, kFeed, kCounter, kPager, kPage };

struct Found {
  std::string text;
  std::string date;
  url::Url url;
  Source source;
  Shape shape;
  bool navigation = false;
  size_t group = 0;
};

// Characters of a title: Han and the like one each, other words one each. Digits and signs are none.
size_t TitleLength(std::string_view title) {
  size_t length = 0;
  bool in_word = false;
  for (size_t at = 0; at < title.size();) {
    if (static_cast<unsigned char>(title[at]) < 0x80) {
      const bool letter = IsAsciiAlpha(title[at]);
      if (letter && !in_word) ++length;
      in_word = letter;
      ++at;
      continue;
    }
    in_word = false;
    const char32_t c = text::DecodeUtf8(title, at);
    if (text::IsHan(c) || text::IsKana(c) || text::IsHangul(c) || c == text::kReplacement || text::IsPrivateUse(c)) ++length;
  }
  return length;
}

template <size_t n>
bool IsOneOf(std::string_view text, const std::array<std::string_view, n>& names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

// Words of a pager or of a "more" link, without white space and signs around them.
// Digits alone are the number of a page, unless the address has a number of its own.
bool IsPagerText(std::string_view text, Shape shape) {
  static constexpr std::array<std::string_view, 24> kWords = {
      "首页", "上页", "上一页", "下页", "下一页", "末页", "尾页", "最后一页", "第一页", "更多", "更多>>", "更多>", "more",
      "more>>", "more>", "more+", "+更多", "查看更多", "下一頁", "上一頁", "首頁", "更多»", "next", "[更多]"};
  const std::string bare = ToAsciiLower(text::RemoveSpace(text));
  if (bare.empty()) return false;
  if (IsOneOf(bare, kWords)) return true;
  const bool digits = shape != Shape::kArticle && bare.size() <= 6 && std::all_of(bare.begin(), bare.end(), [](char c) {
    return IsAsciiDigit(c) || c == '[' || c == ']' || c == '.' || c == '<' || c == '>' || c == '+';
  });
  return digits;
}

// Texts of links that every page has and that lead to no news.
bool IsServiceText(std::string_view text) {
  static constexpr std::array<std::string_view, 34> kWords = {
      "关于我们", "联系我们", "网站地图", "版权声明", "法律声明", "隐私", "隐私政策", "隐私声明", "免责声明", "招聘信息",
      "广告服务", "网站声明", "使用帮助", "意见反馈", "设为首页", "加入收藏", "无障碍浏览", "无障碍", "打印", "关闭", "登录",
      "注册", "繁体", "简体", "english", "关于本站", "收藏本站", "about us", "contact us", "回到顶部", "返回顶部", "旧版回顾",
      "站点地图", "手机版"};
  return IsOneOf(ToAsciiLower(text), kWords);
}

class Collector {
 public:
  explicit Collector(const LinkInput& input) : input_(input), base_(BaseUrl(input.document, input.page_url)) {}

  std::vector<Link> Run() {
    Walk(input_.document, true);
    return Finish();
  }

 private:
  void Walk(const html::Document& document, bool outer);
  void Element(const html::Document& document, NodeIndex index, ItemReader& items);
  void ElementLink(const html::Document& document, NodeIndex index);
  void ElementScript(const html::Document& document, NodeIndex index);
  void EmbeddedRecords(std::string_view script);
  std::string AnchorText(const html::Document& document, NodeIndex index) const;
  Found* Add(std::string_view href, Source source);
  void AddAnchor(const html::Document& document, NodeIndex index, std::string_view href, ItemReader& items);
  std::vector<Link> Finish();
  LinkKind KindOf(const Found& found) const;
  static std::string GroupKey(const url::Url& url);
  void Group();

  struct GroupFacts {
    size_t members = 0, length = 0, dated = 0;
  };

  const LinkInput& input_;
  const url::Url base_;
  std::vector<Found> found_;
  std::unordered_map<std::string, size_t> by_url_;
  std::unordered_map<std::string, size_t> by_href_;  // npos: no link
  std::vector<GroupFacts> groups_;
};

// How strongly a source binds the kind: a counter stays one however else it is linked.
int Rank(Source source) {
  switch (source) {
    case Source::kCounter:
      return 6;
    case Source::kFeed:
      return 5;
    case Source::kRequisite:
      return 4;
    case Source::kPager:
      return 3;
    case Source::kAnchor:
      return 2;
    case Source::kFrame:
      return 1;
    case Source::kPage:
      return 0;
  }
  return 0;
}

Found* Collector::Add(std::string_view href, Source source) {
  href = TrimAscii(href);
  if (href.empty() || href[0] == '#' || href.size() > limits::kMaxUrlBytes) return nullptr;
  const auto [known, added] = by_href_.try_emplace(std::string(href), SIZE_MAX);
  if (added) {
    if (found_.size() >= limits::kMaxLinks) return nullptr;
    Result<url::Url> parsed = url::Canonical(href, &base_, input_.query_encoder);
    if (!parsed || (source != Source::kAnchor && IsBeaconUrl(*parsed))) return nullptr;
    parsed->fragment.reset();
    const auto [entry, is_new] = by_url_.try_emplace(parsed->HrefWithoutFragment(), found_.size());
    if (is_new) {
      Found found;
      found.shape = ShapeOf(*parsed);
      found.url = std::move(*parsed);
      found.source = source;
      found_.push_back(std::move(found));
    }
    known->second = entry->second;
  }
  if (known->second == SIZE_MAX) return nullptr;
  Found& found = found_[known->second];
  if (Rank(source) > Rank(found.source)) found.source = source;
  return &found;
}

std::string Collector::AnchorText(const html::Document& document, NodeIndex index) const {
  static const uint16_t script = html::Tag("script"), style = html::Tag("style"), img = html::Tag("img");
  const std::span<const Node> nodes = document.nodes();
  const NodeIndex end = std::min(nodes[index].end, index + kMaxAnchorNodes);
  std::string text;
  std::string_view alt;
  for (NodeIndex i = index; i < end && text.size() < kMaxTextBytes;) {
    const Node& node = nodes[i];
    if (node.type == html::NodeType::kText) {
      text += node.text;
    } else if (node.type == html::NodeType::kElement) {
      if (node.tag == script || node.tag == style) {
        i = node.end;
        continue;
      }
      if (html::IsBlock(node) && !text.empty()) text += ' ';
      if (node.tag == img && alt.empty()) alt = TrimAscii(document.attribute(i, "alt").value_or(""));
    }
    ++i;
  }
  text = text::CollapseSpace(text);
  if (text.empty()) text = text::CollapseSpace(document.attribute(index, "title").value_or(""));
  if (text.empty()) text = text::CollapseSpace(alt);
  if (text.size() > kMaxTextBytes) {
    size_t cut = kMaxTextBytes;
    while ((static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    text.resize(cut);
  }
  return text;
}

void Collector::AddAnchor(const html::Document& document, NodeIndex index, std::string_view href, ItemReader& items) {
  Found* found = Add(href, Source::kAnchor);
  if (found == nullptr) return;
  std::string text = AnchorText(document, index);
  // The same link is often there twice, as a picture and as a title: the title counts.
  if (TitleLength(text) > TitleLength(found->text) || found->text.empty()) found->text = std::move(text);
  if (found->date.empty()) found->date = items.DateAround(index);
  found->navigation = items.InNavigation(index);
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
    Found* found = Add(*src, Source::kRequisite);
    if (found != nullptr && IsCounterUrl(found->url)) found->source = Source::kCounter;
    return;
  }
  const Node& node = document.node(index);
  for (NodeIndex i = index + 1; i < node.end; ++i) {
    if (document.node(i).type != html::NodeType::kText) continue;
    const std::string_view script = document.node(i).text;
    for (const std::string& target : PagerTargets(script, kMaxPagerPages)) Add(target, Source::kPager);
    for (const std::string& target : CounterTargets(script)) Add(target, Source::kCounter);
  }
}

void Collector::Element(const html::Document& document, NodeIndex index, ItemReader& items) {
  struct Tags {
    uint16_t a = html::Tag("a"), area = html::Tag("area"), link = html::Tag("link"), img = html::Tag("img"),
             script = html::Tag("script"), source = html::Tag("source"), embed = html::Tag("embed"),
             object = html::Tag("object"), iframe = html::Tag("iframe"), frame = html::Tag("frame"),
             option = html::Tag("option"), input = html::Tag("input"), video = html::Tag("video"), audio = html::Tag("audio");
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
        } else {
          AddAnchor(document, index, value, items);
        }
      }
    } else if (name == "src" || name == "data-src" || name == "data-original" || name == "poster") {
      if (tag == tags.script) continue;
      if (tag == tags.iframe || tag == tags.frame) {
        if (name == "src") Add(value, Source::kFrame);
      } else if (tag == tags.img || tag == tags.source || tag == tags.embed || tag == tags.video || tag == tags.audio ||
                 tag == tags.input) {
        if (Found* found = Add(value, Source::kRequisite); found != nullptr && IsCounterUrl(found->url)) {
          found->source = Source::kCounter;
        }
      }
    } else if (name == "data" && tag == tags.object) {
      Add(value, Source::kRequisite);
    } else if (name == "background") {
      Add(value, Source::kRequisite);
    } else if (name == "onclick") {
      for (const std::string& target : HandlerTargets(value)) AddAnchor(document, index, target, items);
    } else if (name == "value" && tag == tags.option) {
      const bool address = value.substr(0, 7) == "http://" || value.substr(0, 8) == "https://" ||
                           (value.size() > 1 && value[0] == '/' && value.find(' ') == std::string_view::npos);
      if (address) AddAnchor(document, index, value, items);
    } else if (name == "url" && document.HasClass(index, "WP_VisitCount")) {
      Add(value, Source::kCounter);
    }
  }
  if (tag == tags.script) ElementScript(document, index);
}

void Collector::Walk(const html::Document& document, bool outer) {
  static const uint16_t script = html::Tag("script"), template_tag = html::Tag("template");
  const std::span<const Node> nodes = document.nodes();
  ItemReader items(document);
  for (NodeIndex i = 0; i < nodes.size();) {
    const Node& node = nodes[i];
    if (node.type != html::NodeType::kElement) {
      ++i;
      continue;
    }
    if (node.tag == template_tag) {
      i = node.end;
      continue;
    }
    if (node.attribute_count != 0 || node.tag == script) Element(document, i, items);
    if (outer && node.tag == script && node.end > i + 1) {
      const std::string_view text = nodes[i + 1].text;
      if (text.find("<record>") != std::string_view::npos) EmbeddedRecords(text);
    }
    ++i;
  }
  if (!outer) return;
  if (const std::string target = MetaRefreshTarget(input_, 3600); !target.empty()) Add(target, Source::kPage);
}

// Links of one template have one form: the host, the folders without their numbers, and the extension.
std::string Collector::GroupKey(const url::Url& url) {
  std::string key = url.HostPort();
  bool digit = false;
  const size_t slash = url.path.rfind('/');
  for (size_t i = 0; i < url.path.size(); ++i) {
    const char c = url.path[i];
    if (IsAsciiDigit(c)) {
      if (!digit) key += '0';
      digit = true;
      continue;
    }
    digit = false;
    // Of the name only its form is kept.
    if (i > slash && IsAsciiAlpha(c)) {
      if (key.back() != 'a') key += 'a';
      continue;
    }
    key += c;
  }
  return key;
}

void Collector::Group() {
  std::unordered_map<std::string, size_t> keys;
  for (Found& found : found_) {
    if (found.source != Source::kAnchor) continue;
    found.group = keys.try_emplace(GroupKey(found.url), keys.size()).first->second;
    groups_.resize(keys.size());
    GroupFacts& group = groups_[found.group];
    ++group.members;
    group.length += std::min<size_t>(TitleLength(found.text), 40);
    if (!found.date.empty()) ++group.dated;
  }
}

LinkKind Collector::KindOf(const Found& found) const {
  switch (found.source) {
    case Source::kCounter:
      return LinkKind::kCounter;
    case Source::kFeed:
      return LinkKind::kFeed;
    case Source::kRequisite:
      return LinkKind::kRequisite;
    case Source::kPager:
      return LinkKind::kList;
    case Source::kFrame:
    case Source::kPage:
      return found.shape == Shape::kAttachment ? LinkKind::kAttachment : LinkKind::kPage;
    case Source::kAnchor:
      break;
  }
  const bool same_site = found.url.host && input_.page_url.host && SameSite(*found.url.host, *input_.page_url.host);
  switch (found.shape) {
    case Shape::kAttachment:
      return LinkKind::kAttachment;
    case Shape::kMedia:
      return LinkKind::kRequisite;
    case Shape::kFeed:
      return LinkKind::kFeed;
    case Shape::kTrap:
      return LinkKind::kPage;
    case Shape::kHome:
      return same_site ? LinkKind::kList : LinkKind::kPage;
    case Shape::kArticle:
    case Shape::kList:
    case Shape::kUnknown:
      break;
  }
  if (IsPagerText(found.text, found.shape)) return LinkKind::kList;
  if (IsServiceText(found.text)) return LinkKind::kPage;
  const size_t length = TitleLength(found.text);
  const GroupFacts& group = groups_[found.group];
  const size_t mean = group.length / std::max<size_t>(group.members, 1);
  const bool dated = !found.date.empty();
  if (found.shape == Shape::kArticle) {
    // A column whose address has a number too: a short name in the navigation, or one of many short names.
    if (!dated && length > 0 && length <= 6 && (found.navigation || (group.members >= 3 && mean <= 5))) {
      return same_site ? LinkKind::kList : LinkKind::kPage;
    }
    // A badge or a licence, alone of its kind: a picture, or in the foot of the page and on another site.
    if (!dated && group.members <= 2 && (length == 0 || (found.navigation && !same_site))) return LinkKind::kPage;
    return LinkKind::kArticle;
  }
  // An address that says nothing, or says list: only a title tells, with a date beside it or among its like.
  const bool among_titles = group.members >= 4 && mean >= 10;
  if (found.shape == Shape::kList) {
    if (dated && length >= 10 && among_titles) return LinkKind::kArticle;
    return same_site ? LinkKind::kList : LinkKind::kPage;
  }
  if (!found.navigation && ((dated && length >= 6) || (among_titles && length >= 8))) return LinkKind::kArticle;
  if (!same_site) return LinkKind::kPage;
  return length <= 8 && length > 0 ? LinkKind::kList : LinkKind::kPage;
}

std::vector<Link> Collector::Finish() {
  Group();
  std::vector<Link> links;
  links.reserve(found_.size());
  for (Found& found : found_) {
    Link link;
    link.kind = KindOf(found);
    link.url = found.url.Href();
    link.text = std::move(found.text);
    link.date = std::move(found.date);
    links.push_back(std::move(link));
  }
  return links;
}

}  // namespace

std::vector<Link> FindLinks(const LinkInput& input) { return Collector(input).Run(); }

}  // namespace fangzhi::links
