// One transfer: an easy handle, what its callbacks found, and the verdict on how it ended. Only for fetch/.
//
// A handle is set up once and used again: only what differs from one request to the next is set anew. All
// callbacks are noexcept: nothing may unwind through libcurl.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "fetch/fetch.h"

namespace fangzhi::fetch {

// The sockets of live connections by their two ends, so that a connection that is about to be used again can
// be looked at.
class Connections {
 public:
  void Add(const std::string& ends, int descriptor) {
    Remove(descriptor);
    by_ends_[ends] = descriptor;
    by_descriptor_[descriptor] = ends;
  }
  int Find(const std::string& ends) const {
    const auto found = by_ends_.find(ends);
    return found == by_ends_.end() ? -1 : found->second;
  }
  void Remove(int descriptor) {
    const auto found = by_descriptor_.find(descriptor);
    if (found == by_descriptor_.end()) return;
    const auto ends = by_ends_.find(found->second);
    if (ends != by_ends_.end() && ends->second == descriptor) by_ends_.erase(ends);
    by_descriptor_.erase(found);
  }

 private:
  std::unordered_map<std::string, int> by_ends_;
  std::unordered_map<int, std::string> by_descriptor_;
};

struct Transfer;

// Who may go on receiving: FetcherOptions::max_large_body_bytes.
class BodyBudget {
 public:
  explicit BodyBudget(const FetcherOptions& options) : options_(options) {}
  // True when the transfer may hold so many bytes more.
  bool Admits(Transfer& transfer, size_t bytes);
  void Leave(const Transfer& transfer) { std::erase(large_, &transfer); }

 private:
  const FetcherOptions& options_;
  std::vector<const Transfer*> large_;  // since they are; a few hundred at most
};

// Text from outside on one line: control characters become spaces.
std::string OneLine(std::string_view text);

enum class Verb { kGet, kHead, kPost, kOther };

struct Transfer {
  // nullptr when there is no memory.
  static std::unique_ptr<Transfer> Create(Connections* connections, BodyBudget* budget, const std::string& user_agent);
  ~Transfer();  // the handle must be out of the multi handle
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Sets the handle up for the request. False, with the reason in capture.error, when no such request can be
  // sent.
  bool Prepare(FetchRequest next, UtcTime now);
  // Fills in how it ended.
  void Judge(CURLcode code);
  void Cancel();
  // Goes on with a paused transfer, if the budget has room by now.
  void Resume();
  // What came, and the transfer as good as new.
  FetchResult Take();

  Connections* connections = nullptr;
  BodyBudget* budget = nullptr;
  CURL* easy = nullptr;
  size_t position = 0;  // in Impl::active
  FetchRequest request;
  model::Capture capture;

  // What libcurl reads while the transfer runs.
  std::vector<std::string> lines;
  std::vector<curl_slist> nodes;
  char error_text[CURL_ERROR_SIZE] = "";

  // What the callbacks found.
  size_t head_bytes = 0;  // of all heads and trailers together
  bool head_complete = false;
  bool interim = false;  // the head under way or just complete is a 1xx
  bool head_too_long = false;
  bool body_too_long = false;
  size_t paused_for = 0;  // bytes that wait for room; 0: not paused
  bool out_of_memory = false;
  bool started = false;
  bool died = false;   // the connection that it was sent on, before an answer
  bool asked = false;  // a connection was there and the request was about to be sent
  std::vector<int> opened;
  int allowed_addresses = 0;
  bool tried_ipv4 = false, tried_ipv6 = false;
  std::string refused_address;

  // How the handle is set up at the moment.
  Verb verb = Verb::kGet;
  bool own_fields_only = false;
  bool tls_legacy = false;

  bool has_response() const { return head_complete && !interim; }

 private:
  Transfer() = default;
  void SetUpOnce(const std::string& user_agent);
  void SetVerb();
  void SetFields();
  void SetTls();
  void SetStatus();
};

}  // namespace fangzhi::fetch
