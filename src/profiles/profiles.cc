#include "profiles/profiles.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/strings.h"

namespace fangzhi::profiles {
namespace {

using html::Node;
using html::NodeIndex;
using html::NodeType;

// What each kind of evidence says. A generator names itself; a call or a comment is written by the system; addresses, classes and
// names of metas are imitated.
constexpr int kGenerator = 5, kCall = 3, kComment = 3, kScript = 3, kElement = 2, kMeta = 2, kPath = 2;
// Of all inline scripts, and of one comment, this much is searched: what a system writes of itself comes early.
constexpr size_t kMaxScriptBytes = size_t{128} << 10;
constexpr size_t kMaxCommentBytes = 2000;
constexpr size_t kMaxAttributeBytes = 1000;

struct Piece {
  std::string text;
  size_t profile;
};

}  // namespace

std::string Match::Reason() const {
  std::string text;
  for (const std::string& item : evidence) text += (text.empty() ? "" : ", ") + item;
  return text;
}

struct Matcher::Impl {
  model::Profiles profiles;
  std::vector<Piece> generators, scripts, calls, comments;
  std::unordered_map<std::string, std::vector<size_t>> elements;  // ".class", "#id", "name"
  std::unordered_map<std::string, std::vector<size_t>> metas;
};

Matcher::Matcher(model::Profiles profiles) : impl_(std::make_unique<Impl>()) {
  impl_->profiles = std::move(profiles);
  for (size_t i = 0; i < impl_->profiles.size(); ++i) {
    const model::Profile& profile = *impl_->profiles[i];
    for (const std::string& text : profile.generators) impl_->generators.push_back({ToAsciiLower(text), i});
    for (const std::string& text : profile.scripts) impl_->scripts.push_back({text, i});
    for (const std::string& text : profile.calls) impl_->calls.push_back({text, i});
    for (const std::string& text : profile.comments) impl_->comments.push_back({text, i});
    for (const std::string& text : profile.elements) impl_->elements[text].push_back(i);
    for (const std::string& text : profile.metas) impl_->metas[ToAsciiLower(text)].push_back(i);
  }
}

Matcher::~Matcher() = default;

const model::Profiles& Matcher::profiles() const { return impl_->profiles; }

std::vector<Match> Matcher::Find(const html::Document& document, const url::Url& page_url) const {
  const Impl& impl = *impl_;
  struct Evidence {
    int weight;
    std::string what;
  };
  std::vector<std::vector<Evidence>> found(impl.profiles.size());
  std::vector<std::set<std::string>> known(impl.profiles.size());
  const auto add = [&](size_t profile, int weight, std::string what) {
    if (known[profile].size() < 12 && known[profile].insert(what).second) found[profile].push_back({weight, std::move(what)});
  };
  const auto search = [&](const std::vector<Piece>& pieces, std::string_view text, int weight, const char* kind) {
    for (const Piece& piece : pieces) {
      if (text.find(piece.text) != std::string_view::npos) add(piece.profile, weight, kind + piece.text);
    }
  };
  static const uint16_t script = html::Tag("script"), style = html::Tag("style"), meta = html::Tag("meta"), link = html::Tag("link"),
                        iframe = html::Tag("iframe"), img = html::Tag("img");
  std::string key;
  const auto element = [&](char sign, std::string_view name) {
    key.clear();
    if (sign != '\0') key += sign;
    key += name;
    if (const auto entry = impl.elements.find(key); entry != impl.elements.end()) {
      for (const size_t profile : entry->second) add(profile, kElement, (sign == '.' ? "class " : sign == '#' ? "id " : "element ") + std::string(name));
    }
  };
  size_t script_bytes = 0;
  const std::span<const Node> nodes = document.nodes();
  for (NodeIndex i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (node.type == NodeType::kComment) {
      search(impl.comments, node.text.substr(0, kMaxCommentBytes), kComment, "comment ");
      continue;
    }
    if (node.type != NodeType::kElement) continue;
    if (node.tag == html::kUnknownTag) element('\0', node.text);
    for (const html::Attribute& attribute : document.attributes(node)) {
      if (attribute.name == "class") {
        const std::string_view names = attribute.value.substr(0, kMaxAttributeBytes);
        for (size_t begin = 0; begin < names.size();) {
          const size_t end = std::min(names.find(' ', begin), names.size());
          if (end > begin) element('.', names.substr(begin, end - begin));
          begin = end + 1;
        }
      } else if (attribute.name == "id") {
        element('#', attribute.value.substr(0, kMaxAttributeBytes));
      } else if ((attribute.name == "src" && (node.tag == script || node.tag == iframe || node.tag == img)) ||
                 (attribute.name == "href" && node.tag == link)) {
        search(impl.scripts, attribute.value.substr(0, kMaxAttributeBytes), kScript, "address ");
      }
    }
    if (node.tag == meta) {
      const std::string name = ToAsciiLower(document.attribute(i, "name").value_or(""));
      if (name == "generator" || name == "author" || name == "powered-by") {
        search(impl.generators, ToAsciiLower(document.attribute(i, "content").value_or("").substr(0, kMaxAttributeBytes)), kGenerator,
               "generator ");
      }
      if (const auto entry = impl.metas.find(name); entry != impl.metas.end()) {
        for (const size_t profile : entry->second) add(profile, kMeta, "meta " + name);
      }
    } else if (node.tag == script && node.end > i + 1 && nodes[i + 1].type == NodeType::kText && script_bytes < kMaxScriptBytes) {
      const std::string_view text = nodes[i + 1].text.substr(0, kMaxScriptBytes - script_bytes);
      script_bytes += text.size();
      search(impl.calls, text, kCall, "call ");
    } else if (node.tag == style) {
      i = node.end - 1;
    }
  }
  const std::string address = page_url.Href();
  std::vector<Match> matches;
  for (size_t i = 0; i < found.size(); ++i) {
    for (const auto& pattern : impl.profiles[i]->paths) {
      if (pattern->Matches(address)) add(i, kPath, "address of the page " + pattern->text());
    }
    if (found[i].empty()) continue;
    std::stable_sort(found[i].begin(), found[i].end(), [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; });
    Match match;
    match.profile = impl.profiles[i];
    for (Evidence& evidence : found[i]) {
      match.weight += evidence.weight;
      match.evidence.push_back(std::move(evidence.what));
    }
    matches.push_back(std::move(match));
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.weight > b.weight; });
  return matches;
}

Match Matcher::Best(const html::Document& document, const url::Url& page_url) const {
  std::vector<Match> matches = Find(document, page_url);
  if (matches.empty() || matches.front().weight < kEnough) return {};
  return std::move(matches.front());
}

}  // namespace fangzhi::profiles
