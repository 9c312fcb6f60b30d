#include "crawl/counter_batches.h"

namespace fangzhi::crawl {

void CounterBatches::Asked(const std::string& request, const std::vector<std::string>& pages) {
  if (requests_.size() >= kMost || awaited_.size() >= kMost) return;
  requests_.insert(Hash(request));
  for (const std::string& page : pages) {
    if (!page.empty()) awaited_.insert(Hash(page));
  }
}

CounterBatches::Alone CounterBatches::Ended(const std::string& request, const std::vector<std::string>& pages, const std::vector<store::Counted>& numbers,
                                            const std::function<std::optional<model::Counter>(const std::string& page)>& of_before) {
  const bool of_this_run = requests_.contains(Hash(request));
  std::unordered_set<std::string> answered;
  for (const store::Counted& number : numbers) {
    if (!number.clicks) continue;
    answered.insert(number.page);
    if (counted_.size() < kMost) counted_.insert(Hash(number.page));
  }
  Alone alone;
  for (const std::string& page : pages) {
    awaited_.erase(Hash(page));
    auto waited = waiting_.extract(page);
    if (page.empty() || answered.contains(page)) continue;
    if (!waited.empty()) {
      alone.emplace_back(page, std::move(waited.mapped()));
    } else if (!of_this_run) {
      if (auto counter = of_before(page)) alone.emplace_back(page, std::move(*counter));
    }
  }
  return alone;
}

bool CounterBatches::Wait(const std::string& page, const model::Counter& counter) {
  if (waiting_.size() >= kMostWaiting && !waiting_.contains(page)) return false;
  waiting_.insert_or_assign(page, counter);
  return true;
}

}  // namespace fangzhi::crawl
