#include "links/targets.h"

#include <algorithm>
#include <array>
#include <functional>

#include "links/classify.h"
#include "model/counter_addresses.h"

namespace fangzhi::links {
namespace {

// Addresses that are worth keeping are short, and so is what is made of them.
constexpr size_t kLongestKept = 256;

// What one thread has found out last. A later target takes the place of an earlier one, so the size is bounded.
struct Memory {
  std::array<std::shared_ptr<Target>, 2048> targets;

  // A number that no other text ever has; the same text has it again as long as it is remembered.
  uint64_t NumberOf(std::string text) {
    Scope& scope = scopes[std::hash<std::string>{}(text) % scopes.size()];
    if (scope.number == 0 || scope.text != text) {
      scope.text = std::move(text);
      scope.number = ++last;
    }
    return scope.number;
  }

 private:
  struct Scope {
    std::string text;
    uint64_t number = 0;
  };
  std::array<Scope, 64> scopes;
  uint64_t last = 0;
};

Memory& ThreadMemory() {
  thread_local Memory memory;
  return memory;
}

bool MatchesAny(const std::vector<std::shared_ptr<const model::UrlPattern>>& patterns, const std::string& address) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return pattern->Matches(address); });
}

}  // namespace

const std::string& Target::Form() {
  if (form_.empty()) {
    form_ = FormOf(url);
    form_hash_ = std::hash<std::string>{}(form_);
  }
  return form_;
}

bool Target::IsBeacon() {
  if (!beacon_) beacon_ = model::IsBeacon(address);
  return *beacon_;
}

bool Target::CountsWhenLoaded() {
  if (!counts_) counts_ = model::CountsWhenLoaded(address);
  return *counts_;
}

TargetReader::TargetReader(url::Url base, const url::QueryEncoder& query_encoder, const model::Profile* profile, const model::Profiles* families)
    : base_(std::move(base)), query_encoder_(query_encoder), profile_(profile) {
  // All that decides what an address is, beside itself: a pattern is known by its text.
  std::string rules;
  const auto tell = [&rules](char kind, const std::vector<std::shared_ptr<const model::UrlPattern>>& patterns) {
    for (const auto& pattern : patterns) {
      rules += kind;
      rules += std::to_string(pattern->text().size());
      rules += ':';
      rules += pattern->text();
    }
  };
  const auto take = [&](const model::Profile& family) {
    for (const auto& pattern : family.never) never_.push_back(pattern.get());
    tell('n', family.never);
  };
  if (profile_ != nullptr) {
    tell('t', profile_->traps);
    tell('a', profile_->articles);
    tell('l', profile_->lists);
    take(*profile_);
  }
  // What the program's own files name is in its table of beacons, and every link of every page would be asked about all of it.
  for (const auto& family : families != nullptr ? *families : model::Profiles{}) {
    if (family.get() != profile_ && family->origin != "built in") take(*family);
  }
  if (!base_.IsHttp()) return;
  Memory& memory = ThreadMemory();
  anywhere_ = memory.NumberOf(std::move(rules));
  url::Url folder = base_;
  folder.query.reset();
  folder.path.resize(folder.path.rfind('/') + 1);  // npos + 1 is 0
  const std::string whole = std::to_string(anywhere_) + ' ' + folder.HrefWithoutFragment();
  of_host_ = memory.NumberOf(whole.substr(0, whole.size() - folder.path.size()));
  of_folder_ = memory.NumberOf(whole);
}

uint64_t TargetReader::ScopeOf(std::string_view href) const {
  const char first = href[0];
  if (href.size() > kLongestKept || first <= ' ' || first == '?' || first == '#') return 0;
  // The page's encoding decides about a query with other characters.
  const size_t question = href.find('?');
  if (question != std::string_view::npos && std::any_of(href.begin() + question, href.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return 0;
  if (href.starts_with("http://") || href.starts_with("https://")) return anywhere_;
  return first == '/' ? of_host_ : of_folder_;
}

Result<url::Url> TargetReader::Resolve(std::string_view href) const { return url::Canonical(href, &base_, query_encoder_); }

// What the family's own forms say goes before what addresses say in general; documents and pictures stay what they are.
Shape TargetReader::ShapeInFamily(const url::Url& url, const std::string& address) const {
  const Shape shape = ShapeOf(url);
  if (profile_ == nullptr || shape == Shape::kAttachment || shape == Shape::kMedia || shape == Shape::kTrap || shape == Shape::kHome) return shape;
  if (MatchesAny(profile_->traps, address)) return Shape::kTrap;
  if (MatchesAny(profile_->articles, address)) return Shape::kArticle;
  if (MatchesAny(profile_->lists, address)) return Shape::kList;
  return shape;
}

std::shared_ptr<Target> TargetReader::Read(std::string_view href, size_t hash) const {
  const uint64_t scope = ScopeOf(href);
  Memory& memory = ThreadMemory();
  // The folders of a site have the same relative addresses.
  std::shared_ptr<Target>& place = memory.targets[(hash + scope) % memory.targets.size()];
  if (scope != 0 && place != nullptr && place->scope == scope && place->href == href) return place;
  auto target = std::make_shared<Target>();
  target->href = href;
  target->scope = scope;
  Result<url::Url> parsed = Resolve(href);
  if (parsed) {
    if (auto inner = BehindGate(*parsed)) parsed = std::move(*inner);
  }
  if (parsed) {
    target->leads = true;
    target->url = std::move(*parsed);
    target->address = target->url.Href();
    target->address_hash = std::hash<std::string>{}(target->address);
    target->never = std::any_of(never_.begin(), never_.end(), [&](const model::UrlPattern* pattern) { return pattern->Matches(target->address); });
    target->shape = ShapeInFamily(target->url, target->address);
    if (target->url.host) target->site = SiteOf(*target->url.host);
  }
  if (scope != 0) place = target;
  return target;
}

}  // namespace fangzhi::links
