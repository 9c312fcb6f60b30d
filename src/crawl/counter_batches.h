// Requests that ask a counter for the numbers of a list's articles at once, as a run has them: which articles they answer for, and which wait for that instead
// of being asked for one by one. Only the requests themselves are kept over a kill: they are in the queue, and answer for those that waited. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/page.h"
#include "store/facts.h"

namespace fangzhi::crawl {

class CounterBatches {
 public:
  using Alone = std::vector<std::pair<std::string, model::Counter>>;  // articles with the counters that are to be asked for each by itself

  // Such a request is queued for these; "" where it is not known whose number that is.
  void Asked(const std::string& request, const std::vector<std::string>& pages);
  // It ended with these numbers, and is not tried again. Gives the articles that waited for one which it did not bring. `of_before`: the counter of an article
  // that may have waited for a request of an earlier run or process, of which nothing is known here.
  Alone Ended(const std::string& request, const std::vector<std::string>& pages, const std::vector<store::Counted>& numbers,
              const std::function<std::optional<model::Counter>(const std::string& page)>& of_before);

  // Whether a page's number was answered by such a request.
  bool HasCounted(const std::string& page) const { return counted_.contains(Hash(page)); }
  // Whether one is queued that will answer for it.
  bool IsAwaited(const std::string& page) const { return awaited_.contains(Hash(page)); }
  // Lets a page wait for that; false where too many do, and it is to be asked for by itself.
  bool Wait(const std::string& page, const model::Counter& counter);

 private:
  static size_t Hash(const std::string& text) { return std::hash<std::string>{}(text); }
  // Of addresses, but for those that wait only their hashes.
  static constexpr size_t kMost = 1'000'000, kMostWaiting = 10'000;
  std::unordered_set<size_t> requests_, awaited_, counted_;
  std::unordered_map<std::string, model::Counter> waiting_;
};

}  // namespace fangzhi::crawl
