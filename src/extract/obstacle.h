// What stands between a crawler and a page, by name: challenges, firewalls' pages, logins, script shells, throttles, broken TLS. Recognised and
// told, never defeated: a blocked fetch is an observation, and the advice is for the site's administrator or for ours.
// Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "model/capture.h"

namespace fangzhi::extract {

struct ObstacleInput {
  int status = 0;
  std::string_view head;         // the response's head as received
  std::string_view text;         // the page's bytes, content coding removed; the first 64 KiB are looked at
  std::string_view kind_reason;  // of its record: "challenge: …", "blocked: …", "login: …", "empty: …"; empty for a page that is one
  bool is_page = false;          // the record is of a page with content of its own: texts then prove nothing
};

// A name of docs/ledger.md's table; empty when nothing stands in the way that we know.
std::string ObstacleOf(const ObstacleInput& input);
// Of a redirect: "login" when it leads to one, else empty.
std::string_view ObstacleOfRedirect(std::string_view target_url);
// `kind_reason` of a login at its own address, whose kind is `other`: who asked for something else there has met an obstacle.
inline constexpr std::string_view kLoginOfItsOwn = "other: a login";
// Whether a link, by its address and text, leads to a login that is nothing else: the form that stands there is in nobody's way.
bool IsLoginLink(std::string_view url, std::string_view text);
// Why a TLS handshake failed, from the library's words: "tls:legacy_renegotiation", "tls:weak_key", "tls:old_version", "tls:certificate", "tls:none" (what
// answers speaks no TLS), "tls:handshake".
std::string_view TlsObstacle(std::string_view error);
// Why no answer came, from the fetch's error: "tls:…", or "ipv6" for a host that only IPv6 reaches, from a machine that has none. Empty for what
// the outcome's own name says.
std::string_view UnreachableObstacle(model::FetchOutcome outcome, std::string_view error);

// Redirects without end: to itself, back to where the request came from, or more in a row than browsers follow.
inline constexpr std::string_view kRedirectsObstacle = "redirects";

// One line for the administrator; empty for a name that is not in the table. "blocked:ruishu" and "ruishu" are the same.
std::string_view AdviceFor(std::string_view obstacle);

}  // namespace fangzhi::extract
