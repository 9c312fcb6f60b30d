// What hangs on the text: attachments and images.
#include <unordered_set>

#include "base/limits.h"
#include "base/strings.h"
#include "extract/characters.h"
#include "extract/extraction.h"
#include "extract/clean_html.h"
#include "extract/markup_hints.h"
#include "model/documents.h"
#include "text/text.h"

namespace fangzhi::extract {

using html::NodeIndex;

namespace {

constexpr size_t kMostAnchorText = 4000;  // bytes; anchors may be nested, each around the same text
constexpr size_t kMostFiles = 5000, kMostImages = 500;
constexpr size_t kMostEmbedded = 500;  // each is looked for in the page's frame

}  // namespace

// The record's list is at its bound, and the page has more: that is told.
void Extraction::TellMore(const char* field, size_t told) {
  record_.conflicts[field] = "the page has more than the " + std::to_string(told) + " that are told";
}

// Whether an element is of the page's frame: within a footer or a navigation. It has no line of its own that would tell.
bool Extraction::InFrame(NodeIndex index) const {
  static const uint16_t footer = html::Tag("footer"), nav = html::Tag("nav");
  while (index != 0) {
    const NodeIndex above = document_.node(index).parent;
    if (above >= index) break;
    index = above;
    const html::Node& node = document_.node(index);
    if (node.type != html::NodeType::kElement) continue;
    if (node.tag == footer || node.tag == nav) return true;
    uint16_t zones = 0;
    for (const char* name : {"class", "id"}) {
      if (const auto value = document_.attribute(index, name)) zones |= ZonesOfName(*value);
    }
    if ((zones & kZoneText) == 0 && (zones & (kZoneFooter | kZoneNavigation)) != 0) return true;
  }
  return false;
}

// What a frame, an <embed> or an <object> shows. Such a page has often no other text, so that there is none whose neighbourhood would count.
void Extraction::EmbeddedFiles(std::unordered_set<std::string>& seen) {
  static const uint16_t iframe = html::Tag("iframe"), frame = html::Tag("frame"), embed = html::Tag("embed"), object = html::Tag("object"), param = html::Tag("param");
  const auto nodes = document_.nodes();
  size_t looked = 0;
  for (NodeIndex index = 0; index < nodes.size(); ++index) {
    const uint16_t tag = nodes[index].type == html::NodeType::kElement ? nodes[index].tag : 0;
    if (tag == 0 || (tag != iframe && tag != frame && tag != embed && tag != object && tag != param)) continue;
    const auto source = document_.attribute(index, tag == object ? "data" : tag == param ? "value" : "src");
    if (!source || source->empty() || source->size() > limits::kMaxUrlBytes) continue;
    const auto target = url::Parse(TrimAscii(*source), &base_);
    auto shown = target && target->IsHttp() ? model::EmbeddedDocument(*target) : std::nullopt;
    if (!shown) continue;
    if (++looked > kMostEmbedded) {
      TellMore("attachments", record_.attachments.size());
      break;
    }
    if (InFrame(index)) continue;
    std::string address = url::Canonical(std::move(*shown)).HrefWithoutFragment();
    if (!seen.insert(address).second) continue;
    if (record_.attachments.size() >= kMostFiles) {
      TellMore("attachments", kMostFiles);
      break;
    }
    record_.attachments.push_back({std::move(address), text::CollapseSpace(document_.attribute(index, "title").value_or("").substr(0, kMostAnchorText))});
  }
}

void Extraction::Files() {
  // Documents hang in the text or below it, up to where the page's frame begins.
  size_t from =
      body_.lines.empty() ? (title_.last_line == kNoLine ? 0 : title_.last_line) : body_.lines.front();
  size_t to = body_.lines.empty() ? from + 40 : std::max<size_t>(body_.lines.back(), body_.line_end) + 15;
  if (title_.last_line != kNoLine && title_.last_line < from) from = title_.last_line;
  std::unordered_set<std::string> seen;
  for (const Anchor& anchor : view_.anchors) {
    if (anchor.line < from) continue;
    if (anchor.line > to) break;
    if (anchor.line < view_.lines.size() &&
        (view_.lines[anchor.line].zones & (kZoneFooter | kZoneNavigation)) != 0)
      continue;
    const auto href = document_.attribute(anchor.node, "href");
    if (!href || href->empty() || href->size() > limits::kMaxUrlBytes || href->front() == '#') continue;
    auto target = url::Parse(*href, &base_);
    if (!target || !target->IsHttp()) continue;
    std::string text =
        text::CollapseSpace(std::string_view(view_.text).substr(anchor.begin, std::min<size_t>(anchor.end - anchor.begin, kMostAnchorText)));
    if (text.empty()) {
      if (const auto name = document_.attribute(anchor.node, "title")) text = text::CollapseSpace(name->substr(0, kMostAnchorText));
    }
    if (auto shown = model::IsDocumentAddress(*target) ? std::nullopt : model::EmbeddedDocument(*target)) {
      target = std::move(*shown);  // by a viewer
    } else if (!model::LeadsToDocument(*target, text)) {
      continue;
    }
    std::string address = url::Canonical(std::move(*target)).HrefWithoutFragment();
    if (!seen.insert(address).second) continue;
    if (record_.attachments.size() >= kMostFiles) {
      TellMore("attachments", kMostFiles);
      break;
    }
    record_.attachments.push_back({std::move(address), std::move(text)});
    // A row of them may be longer than what is looked at below a text: it goes on while one follows the other.
    to = std::max<size_t>(to, anchor.line + 2);
  }
  const bool linked = !record_.attachments.empty();
  EmbeddedFiles(seen);
  if (!record_.attachments.empty()) record_.provenance["attachments"] = linked ? "links" : "embedded";

  seen.clear();
  for (const NodeIndex image : view_.images) {
    if (image < body_.node_begin || image >= body_.node_end) continue;
    std::string address = ImageAddress(document_, image, base_);
    if (address.empty() || !seen.insert(address).second) continue;
    if (record_.images.size() >= kMostImages) {
      TellMore("images", kMostImages);
      break;
    }
    record_.images.push_back(std::move(address));
  }
  if (!record_.images.empty()) record_.provenance["images"] = body_.provenance;
}

}  // namespace fangzhi::extract
