// A few pages, fetched and processed without an archive: what `site test` and `site add` show.
#include <map>
#include <thread>

#include "base/limits.h"
#include "crawl/crawl.h"
#include "crawl/robots_cache.h"
#include "extract/obstacle.h"
#include "fetch/fetch.h"
#include "http/http.h"
#include "url/url.h"

namespace fangzhi::crawl {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

std::string_view UnreachableBy(const model::Capture& capture) {
  if (const auto name = extract::UnreachableObstacle(capture.outcome, capture.error); !name.empty()) return name;
  switch (capture.outcome) {
    case model::FetchOutcome::kDnsFailure: return "dns";
    case model::FetchOutcome::kConnectFailure: return "tcp";
    case model::FetchOutcome::kTimeout: return "timeout";
    case model::FetchOutcome::kReset: return "rst";
    default: return {};
  }
}

// Of a capture without a response.
Error NoAnswer(const model::Capture& capture) {
  const bool asked = capture.outcome != model::FetchOutcome::kAddressRefused;  // else by us
  std::string message = (asked ? "no answer: " : "") + std::string(model::FetchOutcomeName(capture.outcome)) + ": " + capture.error;
  if (const std::string_view advice = extract::AdviceFor(UnreachableBy(capture)); !advice.empty()) message.append("; ").append(advice);
  return Error{ErrorKind::kNetwork, std::move(message), capture.url};
}

}  // namespace

struct Prober::Impl {
  struct Origin {
    robots::Access access = robots::Access::kAllowAll;
    robots::RobotsTxt rules;
    std::string state;
    std::optional<Error> no_answer;  // to robots.txt; what allows nothing then is the host's silence
  };

  Impl(const model::Site& s, const config::Settings& t, const profiles::Matcher& f) : site(s), settings(t), families(f) {}

  const model::Site& site;
  const config::Settings& settings;
  const profiles::Matcher& families;
  const SystemClock clock{};
  std::unique_ptr<fetch::Fetcher> fetcher;
  std::map<std::string, Origin> origins;
  std::map<std::string, steady_clock::time_point> ended;  // by host: when its last request was over
  uint64_t requests = 0;

  model::Capture Fetch(const url::Url& at, uint64_t max_body);
  const Origin& OriginOf(const url::Url& at);
  robots::Decision Decide(const url::Url& at);
  std::optional<double> CrawlDelay(const std::string& origin) const;
};

model::Capture Prober::Impl::Fetch(const url::Url& at, uint64_t max_body) {
  constexpr double kLongest = 120;
  milliseconds delay = site.delay;
  if (const auto wanted = CrawlDelay(at.Origin())) {
    delay = std::max(delay, milliseconds(static_cast<int64_t>(std::min(*wanted, kLongest) * 1000)));
  }
  const std::string host = at.HostPort();
  if (const auto last = ended.find(host); last != ended.end()) std::this_thread::sleep_until(last->second + delay);
  fetch::FetchRequest request;
  request.id = ++requests;
  request.url = at.HrefWithoutFragment();
  request.allow_private = site.allow_private;
  request.timeout = site.timeout;
  if (max_body != 0) request.max_body_bytes = max_body;
  const auto fetch = [&](fetch::FetchRequest wanted) {
    fetcher->Submit(std::move(wanted));
    std::vector<fetch::FetchResult> results;
    while (results.empty()) results = fetcher->Poll(milliseconds(1000));
    ended[host] = steady_clock::now();
    return std::move(results.front().capture);
  };
  model::Capture capture = fetch(request);
  if (capture.outcome == model::FetchOutcome::kTlsFailure && site.tls_legacy) {
    std::this_thread::sleep_until(ended[host] + delay);
    request.tls_legacy_because = capture.error.empty() ? "TLS handshake failed" : capture.error;
    capture = fetch(std::move(request));
  }
  return capture;
}

const Prober::Impl::Origin& Prober::Impl::OriginOf(const url::Url& at) {
  const std::string name = at.Origin();
  const auto known = origins.find(name);
  if (known != origins.end()) return known->second;
  Origin origin;
  auto next = url::Parse(name + "/robots.txt");
  model::Capture capture;
  RobotsAnswer answer;
  for (int hop = 0; next && hop <= limits::kMaxRedirects; ++hop) {
    capture = Fetch(*next, limits::kMaxRobotsBytes);
    answer = ReadRobotsAnswer(capture);
    if (answer.leads_to.empty()) break;
    next = url::Parse(answer.leads_to);
  }
  const int status = answer.status;
  origin.access = robots::AccessForStatus(status);
  if (origin.access == robots::Access::kParse) {
    origin.rules = robots::RobotsTxt::Parse(answer.body);
    size_t rules = 0;
    for (const auto& group : origin.rules.groups()) rules += group.rules.size();
    origin.state = "HTTP " + std::to_string(status) + ", " + std::to_string(rules) + (rules == 1 ? " rule" : " rules");
  } else if (origin.access == robots::Access::kAllowAll) {
    origin.state = "HTTP " + std::to_string(status) + ": none, all is allowed";
  } else {
    const bool answered = model::HasResponse(capture.outcome);
    if (!answered) origin.no_answer = NoAnswer(capture);
    origin.state = (!answered ? std::string(model::FetchOutcomeName(capture.outcome)) + " " + capture.error
                              : "HTTP " + std::to_string(capture.status) + (status == 0 ? ", cut off: " + capture.error : std::string())) +
                   ": nothing may be fetched (RFC 9309, 2.3.1.4)";
  }
  return origins.emplace(name, std::move(origin)).first->second;
}

robots::Decision Prober::Impl::Decide(const url::Url& at) {
  robots::Decision decision;
  if (!site.obey_robots) return decision;
  const Origin& origin = OriginOf(at);
  if (origin.access == robots::Access::kParse) return origin.rules.Decide(kProductToken, at.HrefWithoutFragment());
  if (origin.access == robots::Access::kDisallowAll) {
    decision.allowed = false;
    decision.rule = "robots.txt: " + origin.state;
  }
  return decision;
}

std::optional<double> Prober::Impl::CrawlDelay(const std::string& origin) const {
  const auto known = origins.find(origin);
  if (known == origins.end() || known->second.access != robots::Access::kParse) return std::nullopt;
  return known->second.rules.Decide(kProductToken, origin + "/").crawl_delay_seconds;
}

Prober::Prober(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Prober::~Prober() = default;

Result<std::unique_ptr<Prober>> Prober::Create(const model::Site& site, const config::Settings& settings,
                                               const profiles::Matcher& families) {
  auto impl = std::make_unique<Impl>(site, settings, families);
  fetch::FetcherOptions options;
  options.user_agent = UserAgent(settings);
  FZ_ASSIGN(impl->fetcher, fetch::Fetcher::Create(std::move(options), impl->clock));
  return std::unique_ptr<Prober>(new Prober(std::move(impl)));
}

Result<Probe> Prober::Get(const std::string& url_text, std::string_view link_text, std::string_view link_date) {
  FZ_ASSIGN(url::Url at, url::Canonical(url_text));
  Probe probe;
  constexpr size_t kRedirects = 5;
  std::string content_encoding;
  while (true) {
    probe.robots = impl_->Decide(at);
    if (!probe.robots.allowed) {
      probe.capture.url = at.HrefWithoutFragment();
      if (const auto& silence = impl_->OriginOf(at).no_answer) return Fail(*silence);
      return probe;
    }
    probe.capture = impl_->Fetch(at, impl_->site.max_body_bytes);
    if (!model::HasResponse(probe.capture.outcome)) return Fail(NoAnswer(probe.capture));
    FZ_ASSIGN(const http::ResponseHead head, http::ParseResponseHead(probe.capture.response_head));
    const bool may_go_on = probe.redirects.size() < kRedirects;
    const auto location = head.fields.Get("Location");
    if (may_go_on && probe.capture.status >= 300 && probe.capture.status < 400 && location) {
      if (auto next = url::Canonical(*location, &at)) {
        probe.redirects.push_back(at.HrefWithoutFragment());
        at = std::move(*next);
        continue;
      }
    }
    process::PageInput input;
    probe.content_type = head.fields.Get("Content-Type").value_or("");
    content_encoding = head.fields.GetAll("Content-Encoding");
    input.url = probe.capture.url;
    input.content_type = probe.content_type;
    input.content_encoding = content_encoding;
    input.refresh = head.fields.Get("Refresh").value_or("");
    input.payload = probe.capture.payload;
    input.status = probe.capture.status;
    input.site = &impl_->site;
    input.profiles = &impl_->families;
    input.explain = true;
    input.link_text = link_text;
    input.link_date = link_date;
    probe.page = process::ProcessPage(input);
    if (!may_go_on || !probe.page.only_leads_on) break;
    auto next = url::Canonical(probe.page.leads_on);
    if (!next) break;
    probe.redirects.push_back(at.HrefWithoutFragment());
    at = std::move(*next);
  }
  extract::ObstacleInput obstacle;
  obstacle.status = probe.capture.status;
  obstacle.head = probe.capture.response_head;
  obstacle.is_page = probe.page.record.kind != model::PageKind::kError;
  if (!obstacle.is_page) obstacle.kind_reason = probe.page.record.kind_reason;
  constexpr uint64_t kLooked = 64 * 1024;
  const std::string text = http::DecodeContent(probe.capture.payload, content_encoding, kLooked).bytes + probe.page.record.kind_reason;
  obstacle.text = text;
  probe.obstacle = extract::ObstacleOf(obstacle);
  return probe;
}

std::string Prober::RobotsState(const std::string& origin) const {
  const auto known = impl_->origins.find(origin);
  return known == impl_->origins.end() ? std::string() : known->second.state;
}

std::vector<std::string> Prober::Sitemaps(const std::string& origin) const {
  const auto known = impl_->origins.find(origin);
  return known == impl_->origins.end() ? std::vector<std::string>{} : known->second.rules.sitemaps();
}

std::optional<double> Prober::CrawlDelay(const std::string& origin) const { return impl_->CrawlDelay(origin); }
uint64_t Prober::requests() const { return impl_->requests; }

}  // namespace fangzhi::crawl
