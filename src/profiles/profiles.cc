#include "profiles/profiles.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <memory>
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

// Texts of all families that are looked for in one text of a page: in one pass, by their first four bytes.
class Pieces {
 public:
  void Add(std::string text, size_t profile) {
    if (text.size() < kHead) {
      short_ = true;
    } else {
      heads_->set(Head(text.data()));
    }
    pieces_.push_back({std::move(text), profile});
  }
  // Calls `take` with the family and the text of each that is in `text`, in the order in which they were added.
  template <class Take>
  void Find(std::string_view text, const Take& take) const {
    const size_t first = First(text);
    if (first == std::string_view::npos) return;
    text.remove_prefix(first);
    for (const Piece& piece : pieces_) {
      if (text.find(piece.text) != std::string_view::npos) take(piece.profile, piece.text);
    }
  }

 private:
  struct Piece {
    std::string text;
    size_t profile;
  };
  static constexpr size_t kHead = 4;  // bytes
  static size_t Head(const char* text) {
    uint32_t bytes = 0;
    std::memcpy(&bytes, text, kHead);
    return (bytes * 2654435761U) >> 16;
  }
  // Where the first of them begins; npos: nowhere.
  size_t First(std::string_view text) const {
    if (short_) return 0;
    for (size_t i = 0; i + kHead <= text.size(); ++i) {
      if (!heads_->test(Head(text.data() + i))) continue;
      const std::string_view rest = text.substr(i);
      if (std::any_of(pieces_.begin(), pieces_.end(), [rest](const Piece& piece) { return rest.starts_with(piece.text); })) return i;
    }
    return std::string_view::npos;
  }

  std::vector<Piece> pieces_;
  std::unique_ptr<std::bitset<65536>> heads_ = std::make_unique<std::bitset<65536>>();
  bool short_ = false;  // one of them is too short for that
};

// Names of elements, classes and ids that families have. Every one of a page is asked for, and nearly all are nobody's: their first byte and their
// length tell it.
class Names {
 public:
  void Add(const std::string& name, size_t profile) {
    known_[name].push_back(profile);
    const bool marked = name.starts_with('.') || name.starts_with('#');
    Lengths(marked ? name[0] : '\0', std::string_view(name).substr(marked ? 1 : 0)).set(std::min(name.size() - (marked ? 1 : 0), kLongest));
  }
  // The families of a name; nullptr: none. `sign` is '.' of a class, '#' of an id, 0 of an element.
  const std::vector<size_t>* Find(char sign, std::string_view name) const {
    if (!Lengths(sign, name).test(std::min(name.size(), kLongest))) return nullptr;
    std::string key;
    if (sign != '\0') key += sign;
    const auto entry = known_.find(key.append(name));
    return entry == known_.end() ? nullptr : &entry->second;
  }

 private:
  static constexpr size_t kLongest = 63;
  using Set = std::bitset<kLongest + 1>;
  Set& Lengths(char sign, std::string_view name) {
    return lengths_[sign == '.' ? 1 : sign == '#' ? 2 : 0][name.empty() ? 0 : static_cast<unsigned char>(name[0])];
  }
  const Set& Lengths(char sign, std::string_view name) const {
    return lengths_[sign == '.' ? 1 : sign == '#' ? 2 : 0][name.empty() ? 0 : static_cast<unsigned char>(name[0])];
  }

  std::unordered_map<std::string, std::vector<size_t>> known_;
  std::array<std::array<Set, 256>, 3> lengths_;
};

}  // namespace

std::string Match::Reason() const {
  std::string text;
  for (const std::string& item : evidence) text += (text.empty() ? "" : ", ") + item;
  return text;
}

struct Matcher::Impl {
  model::Profiles profiles;
  Pieces generators, scripts, calls, comments;
  Names elements;  // ".class", "#id", "name"
  std::unordered_map<std::string, std::vector<size_t>> metas;
};

Matcher::Matcher(model::Profiles profiles) : impl_(std::make_unique<Impl>()) {
  impl_->profiles = std::move(profiles);
  for (size_t i = 0; i < impl_->profiles.size(); ++i) {
    const model::Profile& profile = *impl_->profiles[i];
    for (const std::string& text : profile.generators) impl_->generators.Add(ToAsciiLower(text), i);
    for (const std::string& text : profile.scripts) impl_->scripts.Add(text, i);
    for (const std::string& text : profile.calls) impl_->calls.Add(text, i);
    for (const std::string& text : profile.comments) impl_->comments.Add(text, i);
    for (const std::string& text : profile.elements) impl_->elements.Add(text, i);
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
  const auto search = [&](const Pieces& pieces, std::string_view text, int weight, const char* kind) {
    pieces.Find(text, [&](size_t profile, const std::string& piece) { add(profile, weight, kind + piece); });
  };
  static const uint16_t script = html::Tag("script"), style = html::Tag("style"), meta = html::Tag("meta"), link = html::Tag("link"),
                        iframe = html::Tag("iframe"), img = html::Tag("img");
  const auto element = [&](char sign, std::string_view name) {
    if (const std::vector<size_t>* families = impl.elements.Find(sign, name)) {
      for (const size_t profile : *families) add(profile, kElement, (sign == '.' ? "class " : sign == '#' ? "id " : "element ") + std::string(name));
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
