// The names under which the enumerations appear in JSON and in the archive.
#include <array>
#include <utility>

#include "model/model.h"

namespace fangzhi::model {
namespace {

template <class E, size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<FetchOutcome, 12> kOutcomes = {{{FetchOutcome::kResponse, "response"},
                                                {FetchOutcome::kTruncated, "truncated"},
                                                {FetchOutcome::kDnsFailure, "dns_failure"},
                                                {FetchOutcome::kConnectFailure, "connect_failure"},
                                                {FetchOutcome::kTlsFailure, "tls_failure"},
                                                {FetchOutcome::kTimeout, "timeout"},
                                                {FetchOutcome::kReset, "reset"},
                                                {FetchOutcome::kBadResponse, "bad_response"},
                                                {FetchOutcome::kAddressRefused, "address_refused"},
                                                {FetchOutcome::kRobotsDenied, "robots_denied"},
                                                {FetchOutcome::kRobotsUnreachable, "robots_unreachable"},
                                                {FetchOutcome::kCancelled, "cancelled"}}};
constexpr Names<Truncation, 5> kTruncations = {{{Truncation::kNone, ""},
                                                {Truncation::kLength, "length"},
                                                {Truncation::kTime, "time"},
                                                {Truncation::kDisconnect, "disconnect"},
                                                {Truncation::kUnspecified, "unspecified"}}};
constexpr Names<PageKind, 5> kPageKinds = {{{PageKind::kArticle, "article"},
                                            {PageKind::kList, "list"},
                                            {PageKind::kHome, "home"},
                                            {PageKind::kError, "error"},
                                            {PageKind::kOther, "other"}}};
constexpr Names<LinkKind, 7> kLinkKinds = {{{LinkKind::kArticle, "article"},
                                            {LinkKind::kList, "list"},
                                            {LinkKind::kPage, "page"},
                                            {LinkKind::kAttachment, "attachment"},
                                            {LinkKind::kRequisite, "requisite"},
                                            {LinkKind::kFeed, "feed"},
                                            {LinkKind::kCounter, "counter"}}};

template <class E, size_t N>
std::string_view NameOf(const Names<E, N>& names, E value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "";
}

template <class E, size_t N>
bool ValueOf(const Names<E, N>& names, std::string_view text, E* value) {
  for (const auto& [known, name] : names) {
    if (name == text) {
      *value = known;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view FetchOutcomeName(FetchOutcome outcome) { return NameOf(kOutcomes, outcome); }
bool ParseFetchOutcome(std::string_view name, FetchOutcome* outcome) { return ValueOf(kOutcomes, name, outcome); }
std::string_view TruncationName(Truncation truncation) { return NameOf(kTruncations, truncation); }
std::string_view PageKindName(PageKind kind) { return NameOf(kPageKinds, kind); }
bool ParsePageKind(std::string_view name, PageKind* kind) { return ValueOf(kPageKinds, name, kind); }
std::string_view LinkKindName(LinkKind kind) { return NameOf(kLinkKinds, kind); }
bool ParseLinkKind(std::string_view name, LinkKind* kind) { return ValueOf(kLinkKinds, name, kind); }
bool IsReadOnly(const Counter& counter) { return counter.side_effect.starts_with("read_only"); }

}  // namespace fangzhi::model
