// What hangs on the text: attachments, images, the article's next part.
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
    if (record_.attachments.size() >= 500) break;
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

void Extraction::NextPage() {
  // The parts of an article lie beside each other: show_1.html and show_1_2.html, ?id=7 and ?id=7&page=2.
  const auto stem = [](const url::Url& url) {
    const size_t slash = url.path.rfind('/');
    const std::string file = slash == std::string::npos ? url.path : url.path.substr(slash + 1);
    return file.substr(0, file.find_last_of('.'));
  };
  const std::string own = stem(input_.page_url);
  const size_t from = body_.line_begin, to = body_.line_end + 12;
  // show_1_2 is a part of show_1 where the page leads back there, or to the part before it; show_7 is no part of show.
  std::string root = own;
  if (const size_t joint = root.find_last_of("_-"); joint != std::string::npos && root.size() - joint <= 3) {
    const std::string first = root.substr(0, joint);
    const auto number = ParseUint(std::string_view(root).substr(joint + 1));
    const std::string before = number && *number > 0 ? root.substr(0, joint + 1) + std::to_string(*number - 1) : std::string();
    for (const Anchor& anchor : view_.anchors) {
      if (anchor.line < from) continue;
      if (anchor.line > to) break;
      const auto href = document_.attribute(anchor.node, "href");
      if (!href || href->size() > limits::kMaxUrlBytes) continue;
      const auto target = url::Parse(TrimAscii(*href), &base_);
      if (!target || !target->IsHttp() || target->host != input_.page_url.host) continue;
      const std::string file = stem(*target);
      const std::u32string key = ComparisonKey(std::string_view(view_.text).substr(anchor.begin, std::min<size_t>(anchor.end - anchor.begin, 60)));
      const bool back = key.find(U"上一页") != std::u32string::npos || key.find(U"上页") != std::u32string::npos || key.find(U"前一页") != std::u32string::npos;
      if (file != first && !(back && !before.empty() && file == before)) continue;
      root = first;
      break;
    }
  }
  const auto take = [&](std::string_view href, const char* basis) {
    if (href.empty() || href.size() > limits::kMaxUrlBytes || href.front() == '#') return false;
    const auto target = url::Parse(href, &base_);
    if (!target || !target->IsHttp() || target->host != input_.page_url.host) return false;
    const std::string file = stem(*target);
    const bool same_path = target->path == input_.page_url.path && target->query != input_.page_url.query && target->query &&
                           input_.page_url.query && FindIgnoreAsciiCase(*target->query, "page") != std::string_view::npos;
    const bool part = !own.empty() && file != own && file.size() > root.size() && file.starts_with(root) && (file[root.size()] == '_' || file[root.size()] == '-');
    if (!same_path && !part) return false;
    Set(record_.next_page, "next_page", url::Canonical(*target).HrefWithoutFragment(), basis, 0.9);
    return true;
  };
  for (const Anchor& anchor : view_.anchors) {
    if (anchor.line < from) continue;
    if (anchor.line > to) break;
    const std::u32string key = ComparisonKey(std::string_view(view_.text).substr(anchor.begin, std::min<size_t>(anchor.end - anchor.begin, 60)));
    if (key != U"下一页" && key != U"下页" && key != U"后一页" && key != U"下一頁" && key != U"[下一页]" && key != U"下一页>" && key != U">" &&
        key != U">>" && key != U"next")
      continue;
    const auto href = document_.attribute(anchor.node, "href");
    if (href && take(TrimAscii(*href), "link")) return;
  }
  // TRS: createPageHTML(5, 0, "t20220417_974894", "html") below the text of the first of five parts.
  for (const NodeIndex index : view_.scripts) {
    if (index < body_.node_begin || document_.node(index).end <= index + 1) continue;
    const std::string_view script = document_.node(index + 1).text.substr(0, 20'000);
    const size_t at = script.find("createPageHTML(");
    if (at == std::string_view::npos || (at >= 9 && script.substr(at - 9, 9) == "function ")) continue;
    const size_t close = script.find(')', at);
    if (close == std::string_view::npos) continue;
    const auto arguments = Split(script.substr(at + 15, close - at - 15), ',');
    if (arguments.size() < 4) continue;
    const auto count = ParseUint(TrimAscii(arguments[0])), current = ParseUint(TrimAscii(arguments[1]));
    std::string_view name = TrimAscii(arguments[2]), extension = TrimAscii(arguments[3]);
    const auto unquote = [](std::string_view& text) {
      if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) text = text.substr(1, text.size() - 2);
    };
    unquote(name), unquote(extension);
    if (!count || !current || *current + 1 >= *count || *count > 1000 || name.empty() || extension.empty()) continue;
    root = std::string(name.substr(name.rfind('/') + 1));  // the script names the first part
    if (take(std::string(name) + "_" + std::to_string(*current + 1) + "." + std::string(extension), "script")) return;
  }
}

}  // namespace fangzhi::extract
