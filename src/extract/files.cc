// What hangs on the text: attachments and images.
#include <unordered_set>

#include "base/limits.h"
#include "base/strings.h"
#include "extract/characters.h"
#include "extract/extraction.h"
#include "extract/clean_html.h"
#include "model/documents.h"
#include "text/text.h"

namespace fangzhi::extract {

using html::NodeIndex;

void Extraction::Files() {
  constexpr size_t kMostAttachments = 5000;
  constexpr size_t kMostAnchorText = 4000;  // bytes; anchors may be nested, each around the same text
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
    if (!model::LeadsToDocument(*target, text)) continue;
    std::string address = url::Canonical(std::move(*target)).HrefWithoutFragment();
    if (!seen.insert(address).second) continue;
    record_.attachments.push_back({std::move(address), std::move(text)});
    if (record_.attachments.size() >= kMostAttachments) break;
    // A row of them may be longer than what is looked at below a text: it goes on while one follows the other.
    to = std::max<size_t>(to, anchor.line + 2);
  }
  if (!record_.attachments.empty()) record_.provenance["attachments"] = "links";

  seen.clear();
  for (const NodeIndex image : view_.images) {
    if (image < body_.node_begin || image >= body_.node_end) continue;
    std::string address = ImageAddress(document_, image, base_);
    if (address.empty() || !seen.insert(address).second) continue;
    record_.images.push_back(std::move(address));
    if (record_.images.size() >= 500) break;
  }
  if (!record_.images.empty()) record_.provenance["images"] = body_.provenance;
}

}  // namespace fangzhi::extract
