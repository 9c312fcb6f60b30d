#include "frontier/duplicates.h"

#include <algorithm>
#include <chrono>

#include "base/digest.h"
#include "base/strings.h"

namespace fangzhi::frontier {
namespace {

using model::Json;

constexpr size_t kClasses = 4096;        // a generation
constexpr size_t kSeenOfClass = 6;
constexpr size_t kEvidence = 400;
constexpr size_t kTrackedValues = 16, kLongestValue = 64, kMostParameters = 8, kMostOrigins = 200;
constexpr unsigned kMostStrikes = 3;
// Two visits of different times may differ because the page was edited: they contradict nothing.
constexpr std::chrono::hours kSameTime{24};

struct Parts {
  std::string_view scheme, authority, path;
  std::vector<std::string_view> parameters;
  bool has_query = false;
  std::string Origin() const { return std::string(scheme).append("://").append(authority); }
};

std::string_view NameOf(std::string_view parameter) { return parameter.substr(0, parameter.find('=')); }
std::string_view ValueOf(std::string_view parameter) {
  const size_t equals = parameter.find('=');
  return equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1);
}

// Of an absolute canonical URL without fragment.
std::optional<Parts> PartsOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  Parts parts;
  parts.scheme = url.substr(0, scheme);
  std::string_view rest = url.substr(scheme + 3);
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  parts.authority = rest.substr(0, end);
  rest.remove_prefix(end);
  const size_t query = rest.find('?');
  parts.path = rest.substr(0, query);
  if (query != std::string_view::npos) {
    parts.has_query = true;
    parts.parameters = Split(rest.substr(query + 1), '&');
  }
  return parts;
}

// Joins the parameters but the one at `left_out`.
std::string QueryWithout(const Parts& parts, size_t left_out) {
  std::string query;
  for (size_t i = 0; i < parts.parameters.size(); ++i) {
    if (i == left_out) continue;
    query.append(query.empty() ? "?" : "&").append(parts.parameters[i]);
  }
  return query;
}

std::string ShapeOf(const Parts& parts, size_t left_out) {
  std::string shape;
  for (const char c : parts.path) {
    if (!IsAsciiDigit(c)) {
      shape.push_back(c);
    } else if (shape.empty() || shape.back() != '#') {
      shape.push_back('#');
    }
  }
  for (size_t i = 0; i < parts.parameters.size(); ++i) {
    if (i != left_out) shape.append("?").append(NameOf(parts.parameters[i]));
  }
  return shape;
}

std::string MirrorKey(std::string_view a, std::string_view b, std::string_view shape) {
  if (b < a) std::swap(a, b);
  return std::string("mirror\n").append(a).append("\n").append(b).append("\n").append(shape);
}
std::string ParameterKey(std::string_view authority, std::string_view shape, std::string_view name) {
  return std::string("parameter\n").append(authority).append("\n").append(shape).append("\n").append(name);
}

// Of servers that take /A/1.ASP for /a/1.asp: `shape` is of the path in lower case.
std::string SpellingKey(std::string_view authority, std::string_view shape) {
  return std::string("spelling\n").append(authority).append("\n").append(shape).append("\n");
}

Json Hashes(const std::vector<uint64_t>& hashes) {
  Json json = Json::array();
  for (const uint64_t hash : hashes) json.push_back(hash);
  return json;
}
std::vector<uint64_t> HashesOf(const Json& json, std::string_view key, size_t most) {
  std::vector<uint64_t> hashes;
  if (const auto found = json.find(std::string(key)); found != json.end() && found->is_array()) {
    for (const Json& hash : *found) {
      if (hash.is_number_unsigned() && hashes.size() < most) hashes.push_back(hash.get<uint64_t>());
    }
  }
  return hashes;
}

}  // namespace

void Duplicates::Proof::Agree(uint64_t content, size_t needed) {
  if (strikes >= kMostStrikes || contents.size() >= needed << (2 * strikes)) return;
  if (std::find(contents.begin(), contents.end(), content) == contents.end()) contents.push_back(content);
}

bool Duplicates::Proof::Suffices(size_t needed) const { return strikes < kMostStrikes && contents.size() >= needed << (2 * strikes); }

void Duplicates::Proof::Contradict() {
  contents.clear();
  holds = false;
  strikes = std::min(strikes + 1, kMostStrikes);
}

bool Duplicates::IsCheck(std::string_view url) { return Fnv1a(url) % 32 == 7; }

std::vector<Duplicates::Seen> Duplicates::SeenIn(uint64_t class_key) const {
  std::vector<Seen> all;
  for (const Classes* classes : {&young_, &old_}) {
    if (const auto found = classes->find(class_key); found != classes->end()) all.insert(all.end(), found->second.begin(), found->second.end());
  }
  return all;
}

void Duplicates::Remember(uint64_t class_key, Seen seen) {
  if (young_.size() >= kClasses && !young_.contains(class_key)) {
    old_ = std::move(young_);
    young_.clear();
  }
  std::vector<Seen>& of_class = young_[class_key];
  std::erase_if(of_class, [&seen](const Seen& other) { return other.url == seen.url; });
  if (of_class.size() >= kSeenOfClass) of_class.erase(of_class.begin());
  of_class.push_back(std::move(seen));
}

Duplicates::Evidence* Duplicates::EvidenceFor(const std::string& key, const Seen& before, const Seen& now) {
  const auto found = evidence_.find(key);
  if (found != evidence_.end()) return &found->second;
  if (evidence_.size() >= kEvidence) return nullptr;
  Evidence& evidence = evidence_[key];
  evidence.examples = {before.url, now.url};
  return &evidence;
}

Duplicates::Evidence* Duplicates::Weigh(const std::string& key, const Seen& before, const Seen& now) {
  if (before.content != now.content && now.time - before.time > kSameTime) return nullptr;
  Evidence* evidence = EvidenceFor(key, before, now);
  if (evidence != nullptr) changed_ = true;
  return evidence;
}

Duplicates::Evidence* Duplicates::CompareWhole(const std::string& key, size_t needed, const Seen& before, const Seen& now) {
  Evidence* evidence = Weigh(key, before, now);
  if (evidence == nullptr) return nullptr;
  const bool held = evidence->all.holds;
  if (before.content != now.content) {
    evidence->all.Contradict();
  } else {
    evidence->all.Agree(now.content, needed);
    if (evidence->all.Suffices(needed)) evidence->all.holds = evidence->all.held = true;
  }
  if (held == evidence->all.holds) return nullptr;
  evidence->examples = {before.url, now.url};
  evidence->since = FormatWarcDate(now.time);
  return evidence;
}

bool Duplicates::CompareMirrors(std::string_view shape, const Seen& before, const Seen& now) {
  Evidence* turned = CompareWhole(MirrorKey(before.variant, now.variant, shape), kContentsOfMirror, before, now);
  if (turned == nullptr) return false;
  if (turned->all.holds) {
    // What more of the site's pages have stays; among equals https, which sorts last.
    const uint64_t pages_before = origins_[before.variant], pages_now = origins_[now.variant];
    turned->to = pages_before == pages_now ? std::max(before.variant, now.variant) : pages_before > pages_now ? before.variant : now.variant;
  }
  return true;
}

bool Duplicates::CompareParameter(const std::string& key, const Seen& before, const Seen& now) {
  Evidence* evidence = Weigh(key, before, now);
  if (evidence == nullptr) return false;
  const bool equal = before.content == now.content;
  bool turned = false;
  const auto take = [&](Proof& proof, bool may_begin) {
    const bool held = proof.holds;
    if (!equal) {
      proof.Contradict();
    } else {
      proof.Agree(now.content, kContentsOfParameter);
      proof.holds = held || (may_begin && proof.Suffices(kContentsOfParameter));
    }
    if (held == proof.holds) return;
    proof.held = true;
    turned = true;
    evidence->since = FormatWarcDate(now.time);
    evidence->examples = {before.url, now.url};
  };
  for (const Seen* seen : {&before, &now}) {
    if (seen->variant.empty()) continue;
    const uint64_t value = Fnv1a(seen->value);
    std::vector<uint64_t>& distinct = evidence->distinct_values;
    if (equal && distinct.size() < kValuesOfParameter && std::find(distinct.begin(), distinct.end(), value) == distinct.end()) distinct.push_back(value);
  }
  if (!equal) evidence->distinct_values.clear();
  take(evidence->all, evidence->distinct_values.size() >= kValuesOfParameter);
  // Against the address without the parameter: this value makes no difference.
  if (before.variant.empty() != now.variant.empty()) {
    const std::string& value = before.variant.empty() ? now.value : before.value;
    if (value.size() <= kLongestValue && (evidence->values.contains(value) || evidence->values.size() < kTrackedValues)) take(evidence->values[value], true);
  }
  return turned;
}

bool Duplicates::Observe(std::string_view url, uint64_t content, UtcTime time) {
  const auto parts = content == 0 ? std::nullopt : PartsOf(url);
  if (!parts || parts->parameters.size() > kMostParameters) return false;
  bool turned = false;
  constexpr size_t kNone = SIZE_MAX;
  const std::string whole = QueryWithout(*parts, kNone);
  const auto seen_as = [&](std::string variant, std::string_view value) {
    return Seen{std::move(variant), std::string(value), content, time, std::string(url)};
  };

  const std::string origin = parts->Origin();
  if (origins_.contains(origin) || origins_.size() < kMostOrigins) ++origins_[origin];
  const std::string lower = ToAsciiLower(parts->path);
  const uint64_t mirrors = Fnv1a(std::string("m").append(lower).append(whole));
  const Seen as_mirror = seen_as(origin, parts->path);
  for (const Seen& before : SeenIn(mirrors)) {
    if (before.variant != origin && before.value == parts->path) {
      turned = CompareMirrors(ShapeOf(*parts, kNone), before, as_mirror) || turned;
    } else if (before.variant == origin && before.value != parts->path) {
      Parts spelled = *parts;
      spelled.path = lower;
      const std::string key = SpellingKey(parts->authority, ShapeOf(spelled, kNone));
      turned = CompareWhole(key, kContentsOfParameter, before, as_mirror) != nullptr || turned;
    }
  }
  Remember(mirrors, as_mirror);

  // Once as it is, for addresses that have a parameter more; and once without each of its parameters.
  for (size_t i = 0; i <= parts->parameters.size(); ++i) {
    const bool as_it_is = i == parts->parameters.size();
    const std::string_view parameter = as_it_is ? std::string_view() : parts->parameters[i];
    if (!as_it_is && NameOf(parameter).empty()) continue;
    const std::string rest = as_it_is ? whole : QueryWithout(*parts, i);
    const uint64_t same = Fnv1a(std::string("p").append(parts->authority).append(parts->path).append(rest));
    const Seen now = seen_as(std::string(NameOf(parameter)), ValueOf(parameter));
    for (const Seen& before : SeenIn(same)) {
      // Both with it and the same value: another scheme. Neither with it: the page itself. Different ones: nothing follows.
      if (before.variant == now.variant && (now.variant.empty() || before.value == now.value)) continue;
      if (!before.variant.empty() && !now.variant.empty() && before.variant != now.variant) continue;
      const std::string& name = now.variant.empty() ? before.variant : now.variant;
      turned = CompareParameter(ParameterKey(parts->authority, ShapeOf(*parts, as_it_is ? kNone : i), name), before, now) || turned;
    }
    Remember(same, now);
  }
  if (turned) IndexRules();
  return turned;
}

void Duplicates::IndexRules() {
  mirror_to_.clear();
  parameter_rules_ = spelling_rules_ = 0;
  for (const auto& [key, evidence] : evidence_) {
    if (key.starts_with("parameter\n")) {
      bool any = evidence.all.holds;
      for (const auto& [value, proof] : evidence.values) any = any || proof.holds;
      parameter_rules_ += any ? 1 : 0;
    } else if (key.starts_with("spelling\n")) {
      spelling_rules_ += evidence.all.holds ? 1 : 0;
    } else if (evidence.all.holds) {
      const std::vector<std::string_view> lines = Split(key, '\n');
      if (lines.size() != 4) continue;
      const std::string_view from = lines[1] == evidence.to ? lines[2] : lines[1];
      mirror_to_[std::string(from).append("\n").append(lines[3])] = evidence.to;
    }
  }
}

std::optional<std::string> Duplicates::Fold(std::string_view url) const {
  if (!any_rule()) return std::nullopt;
  auto parts = PartsOf(url);
  if (!parts || parts->parameters.size() > kMostParameters) return std::nullopt;
  bool folded = false;
  for (size_t i = 0; parameter_rules_ > 0 && i < parts->parameters.size();) {
    const std::string_view parameter = parts->parameters[i];
    const auto found = evidence_.find(ParameterKey(parts->authority, ShapeOf(*parts, i), NameOf(parameter)));
    bool holds = false;
    if (found != evidence_.end()) {
      const auto value = found->second.values.find(std::string(ValueOf(parameter)));
      holds = found->second.all.holds || (value != found->second.values.end() && value->second.holds);
    }
    if (holds) {
      parts->parameters.erase(parts->parameters.begin() + static_cast<std::ptrdiff_t>(i));
      folded = true;
    } else {
      ++i;
    }
  }
  std::string lower;
  if (spelling_rules_ > 0 && (lower = ToAsciiLower(parts->path)) != parts->path) {
    Parts spelled = *parts;
    spelled.path = lower;
    const auto found = evidence_.find(SpellingKey(parts->authority, ShapeOf(spelled, SIZE_MAX)));
    if (found != evidence_.end() && found->second.all.holds) {
      parts->path = lower;
      folded = true;
    }
  }
  std::string origin = parts->Origin();
  // Mirrors of mirrors: a few steps at most, for a circle of rules is none that could be followed.
  const std::string shape = mirror_to_.empty() ? std::string() : ShapeOf(*parts, SIZE_MAX);
  for (int step = 0; step < 4 && !mirror_to_.empty(); ++step) {
    const auto to = mirror_to_.find(origin + "\n" + shape);
    if (to == mirror_to_.end()) break;
    origin = to->second;
    folded = true;
  }
  std::string address = origin.append(parts->path).append(QueryWithout(*parts, SIZE_MAX));
  if (!folded || address == url) return std::nullopt;
  return address;
}

std::string Duplicates::Fingerprint() const {
  std::string all;
  for (const auto& [key, evidence] : evidence_) {
    if (evidence.all.holds) all.append(key).append(evidence.to).push_back('\n');
    for (const auto& [value, proof] : evidence.values) {
      if (proof.holds) all.append(key).append("=").append(value).push_back('\n');
    }
  }
  return all.empty() ? all : std::to_string(Fnv1a(all));
}

Json Duplicates::Facts() const {
  Json rules = Json::array();
  for (const auto& entry : evidence_) {
    const Evidence& evidence = entry.second;
    const std::vector<std::string_view> lines = Split(entry.first, '\n');
    if (lines.size() != 4) continue;
    const bool mirror = lines[0] == "mirror";
    const auto add = [&](const Proof& proof, const std::string& rule) {
      // What is still being learned, or never held, is no rule.
      if (!proof.held) return;
      rules.push_back(Json{{"rule", rule},
                           {"holds", proof.holds},
                           {"contents", proof.contents.size()},
                           {"contradictions", proof.strikes},
                           {"examples", evidence.examples},
                           {"since", evidence.since}});
    };
    if (mirror) {
      const std::string_view to = evidence.to.empty() ? lines[2] : std::string_view(evidence.to);
      const std::string_view from = lines[1] == to ? lines[2] : lines[1];
      add(evidence.all, std::string(from).append(lines[3]).append(" shows what ").append(to).append(" shows"));
      continue;
    }
    const std::string at = std::string(lines[1]).append(lines[2]) + ": ";
    if (lines[0] == "spelling") {
      add(evidence.all, at + "upper and lower case make no difference");
      continue;
    }
    add(evidence.all, at + "parameter " + std::string(lines[3]) + " makes no difference");
    if (evidence.all.holds) continue;
    for (const auto& [value, proof] : evidence.values) add(proof, at + std::string(lines[3]) + "=" + value + " makes no difference");
  }
  return rules;
}

std::string Duplicates::Serialise() {
  const auto proof_json = [](const Proof& proof) {
    return Json{{"contents", Hashes(proof.contents)}, {"strikes", proof.strikes}, {"holds", proof.holds}, {"held", proof.held}};
  };
  Json all = Json::array();
  for (const auto& [key, evidence] : evidence_) {
    Json item{{"key", key}, {"all", proof_json(evidence.all)}, {"examples", evidence.examples}};
    if (!evidence.values.empty()) {
      Json& values = item["values"] = Json::object();
      for (const auto& [value, proof] : evidence.values) values[value] = proof_json(proof);
    }
    if (!evidence.distinct_values.empty()) item["distinct_values"] = Hashes(evidence.distinct_values);
    if (!evidence.to.empty()) item["to"] = evidence.to;
    if (!evidence.since.empty()) item["since"] = evidence.since;
    all.push_back(std::move(item));
  }
  changed_ = false;
  return model::Dump(Json{{"evidence", std::move(all)}, {"origins", origins_}});
}

Duplicates Duplicates::Parse(std::string_view text) {
  Duplicates read;
  const auto json = model::ParseJson(text);
  if (!json || !json->is_object()) return read;
  const auto proof_of = [](const Json& item) {
    Proof proof;
    proof.contents = HashesOf(item, "contents", kContentsOfMirror << (2 * kMostStrikes));
    proof.strikes = static_cast<unsigned>(std::clamp<int64_t>(model::GetInt(item, "strikes"), 0, kMostStrikes));
    proof.holds = model::GetBool(item, "holds");
    proof.held = model::GetBool(item, "held");
    return proof;
  };
  if (const auto all = json->find("evidence"); all != json->end() && all->is_array()) {
    for (const Json& item : *all) {
      const std::string key = model::GetString(item, "key");
      if (!item.is_object() || key.empty() || read.evidence_.size() >= kEvidence) continue;
      Evidence& evidence = read.evidence_[key];
      if (const auto proof = item.find("all"); proof != item.end() && proof->is_object()) evidence.all = proof_of(*proof);
      if (const auto values = item.find("values"); values != item.end() && values->is_object()) {
        for (const auto& [value, proof] : values->items()) {
          if (proof.is_object() && evidence.values.size() < kTrackedValues) evidence.values[value] = proof_of(proof);
        }
      }
      evidence.distinct_values = HashesOf(item, "distinct_values", kValuesOfParameter);
      evidence.to = model::GetString(item, "to");
      evidence.since = model::GetString(item, "since");
      if (const auto examples = item.find("examples"); examples != item.end() && examples->is_array() && examples->size() == 2) {
        for (size_t i = 0; i < 2; ++i) {
          if ((*examples)[i].is_string()) evidence.examples[i] = (*examples)[i].get<std::string>();
        }
      }
    }
  }
  if (const auto origins = json->find("origins"); origins != json->end() && origins->is_object()) {
    for (const auto& [origin, pages] : origins->items()) {
      if (pages.is_number_unsigned() && read.origins_.size() < kMostOrigins) read.origins_[origin] = pages.get<uint64_t>();
    }
  }
  read.IndexRules();
  return read;
}

std::string DuplicatesKey(std::string_view site) { return std::string("l/").append(site); }

std::string StandInKey(std::string_view site, std::string_view folded_url) {
  return std::string("e/").append(site).append("/").append(folded_url);
}

}  // namespace fangzhi::frontier
