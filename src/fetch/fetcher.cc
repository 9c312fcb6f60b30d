// The fetch loop over libcurl's multi interface.
#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <utility>

#include "fetch/fetch.h"
#include "fetch/transfer.h"

namespace fangzhi::fetch {
namespace {

using model::FetchOutcome;

bool InitialiseLibcurl() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

}  // namespace

struct Fetcher::Impl {
  Impl(FetcherOptions given, const Clock& now) : options(std::move(given)), clock(now) {}

  ~Impl() {
    for (auto& transfer : active) curl_multi_remove_handle(multi, transfer->easy);
    active.clear();
    idle.clear();
    if (multi != nullptr) curl_multi_cleanup(multi);  // closes connections: needs `connections`
  }

  FetcherOptions options;
  const Clock& clock;
  CURLM* multi = nullptr;
  Connections connections;
  BodyBudget budget{options};
  std::vector<std::unique_ptr<Transfer>> active;
  std::vector<std::unique_ptr<Transfer>> idle;
  std::deque<FetchRequest> waiting;
  std::vector<FetchResult> ended;
  std::atomic<bool> woken{false};

  Result<void> Open();
  void Start(FetchRequest request);
  FetchResult NeverBegun(FetchRequest request, FetchOutcome outcome, std::string error);
  void StartWaiting();
  bool ResumePaused();
  void Collect();
  std::unique_ptr<Transfer> Detach(Transfer* transfer);
  void End(std::unique_ptr<Transfer> transfer);
};

Result<void> Fetcher::Impl::Open() {
  if (!InitialiseLibcurl()) return Fail(ErrorKind::kInternal, "libcurl does not start");
  multi = curl_multi_init();
  if (multi == nullptr) return Fail(ErrorKind::kInternal, "libcurl does not start");
  options.max_connections = std::max(options.max_connections, 1);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options.max_connections));
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(options.max_connections));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(std::max(options.max_connections_per_host, 0)));
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  options.user_agent = OneLine(options.user_agent);
  return {};
}

void Fetcher::Impl::Start(FetchRequest request) {
  std::unique_ptr<Transfer> transfer;
  if (idle.empty()) {
    transfer = Transfer::Create(&connections, &budget, options.user_agent);
  } else {
    transfer = std::move(idle.back());
    idle.pop_back();
  }
  if (transfer == nullptr) {
    ended.push_back(NeverBegun(std::move(request), FetchOutcome::kReset, "out of memory"));
    return;
  }
  if (!transfer->Prepare(std::move(request), clock.Now()) ||
      curl_multi_add_handle(multi, transfer->easy) != CURLM_OK) {
    transfer->capture.outcome = FetchOutcome::kBadResponse;
    if (transfer->capture.error.empty()) transfer->capture.error = "libcurl does not take this request";
    End(std::move(transfer));
    return;
  }
  transfer->started = true;
  transfer->position = active.size();
  active.push_back(std::move(transfer));
}

FetchResult Fetcher::Impl::NeverBegun(FetchRequest request, FetchOutcome outcome, std::string error) {
  FetchResult result;
  result.id = request.id;
  result.capture.url = request.url.substr(0, request.url.find('#'));
  result.capture.method = std::move(request.method);
  result.capture.request_body = std::move(request.body);
  result.capture.began = clock.Now();
  result.capture.outcome = outcome;
  result.capture.error = std::move(error);
  return result;
}

void Fetcher::Impl::StartWaiting() {
  while (!waiting.empty() && active.size() < static_cast<size_t>(options.max_connections)) {
    FetchRequest request = std::move(waiting.front());
    waiting.pop_front();
    Start(std::move(request));
  }
}

// True when some still wait for room: for others to end, or for the caller to be done with what it holds.
bool Fetcher::Impl::ResumePaused() {
  bool paused = false;
  for (const auto& transfer : active) {
    transfer->Resume();
    paused = paused || transfer->paused_for != 0;
  }
  return paused;
}

std::unique_ptr<Transfer> Fetcher::Impl::Detach(Transfer* transfer) {
  curl_multi_remove_handle(multi, transfer->easy);
  const size_t position = transfer->position;
  std::unique_ptr<Transfer> owned = std::move(active[position]);
  if (position + 1 != active.size()) {
    active[position] = std::move(active.back());
    active[position]->position = position;
  }
  active.pop_back();
  return owned;
}

void Fetcher::Impl::End(std::unique_ptr<Transfer> transfer) {
  ended.push_back(transfer->Take());
  idle.push_back(std::move(transfer));
}

void Fetcher::Impl::Collect() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    char* user = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
    std::unique_ptr<Transfer> transfer = Detach(reinterpret_cast<Transfer*>(user));
    transfer->Judge(code);
    End(std::move(transfer));
  }
}

Fetcher::Fetcher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Fetcher::~Fetcher() = default;

Result<std::unique_ptr<Fetcher>> Fetcher::Create(FetcherOptions options, const Clock& clock) {
  auto impl = std::make_unique<Impl>(std::move(options), clock);
  FZ_TRY(impl->Open());
  return std::unique_ptr<Fetcher>(new Fetcher(std::move(impl)));
}

void Fetcher::Submit(FetchRequest request) {
  impl_->waiting.push_back(std::move(request));
  impl_->StartWaiting();
}

std::vector<FetchResult> Fetcher::Poll(std::chrono::milliseconds wait) {
  Impl& impl = *impl_;
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    int running = 0;
    curl_multi_perform(impl.multi, &running);
    impl.Collect();
    impl.StartWaiting();
    const bool paused = impl.ResumePaused();
    if (impl.woken.exchange(false) || !impl.ended.empty()) break;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    constexpr std::chrono::milliseconds::rep kLongest = 60'000, kWhilePaused = 50;
    curl_multi_poll(impl.multi, nullptr, 0, static_cast<int>(std::min(left.count(), paused ? kWhilePaused : kLongest)), nullptr);
  }
  return std::exchange(impl.ended, {});
}

std::vector<FetchResult> Fetcher::CancelAll() {
  Impl& impl = *impl_;
  while (!impl.active.empty()) {
    std::unique_ptr<Transfer> transfer = impl.Detach(impl.active.back().get());
    transfer->Cancel();
    impl.End(std::move(transfer));
  }
  for (FetchRequest& request : impl.waiting) {
    impl.ended.push_back(
        impl.NeverBegun(std::move(request), FetchOutcome::kCancelled, "stopped before it began"));
  }
  impl.waiting.clear();
  return std::exchange(impl.ended, {});
}

size_t Fetcher::in_flight() const {
  return impl_->active.size() + impl_->waiting.size() + impl_->ended.size();
}

void Fetcher::Wake() {
  impl_->woken = true;
  curl_multi_wakeup(impl_->multi);
}

}  // namespace fangzhi::fetch
