// What waits at one host for one site: nine lanes (keys.h), each a bounded window over a stretch of keys on the disk. Not thread-safe; the
// frontier's lock guards it.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "frontier/keys.h"
#include "store/store.h"

namespace fangzhi::frontier {

// What a round lets pass.
struct RoundView {
  uint64_t round = 0;
  UtcTime due_until{};  // revisits that are due later wait for another round; UtcTime::max() in a sweep
  UtcTime lists_due_until{};  // the same of lists
  UtcTime floor{};      // nothing is due before it
};

class HostQueue {
 public:
  HostQueue(std::shared_ptr<const model::Site> site, std::string host) : site_(std::move(site)), host_(std::move(host)) {}

  // Reads from where `head` says; due lanes from the floor where the head is of another round.
  void Begin(const RoundView& view, const QueueHead& head);

  // Revisits for which it is true are passed over. Asked while reading, from within Front and ReadyAt.
  void PassOver(std::function<bool(const FetchTask&)> passed_over) { passed_over_ = std::move(passed_over); }

  // From now on what has this origin ("http://host") is passed over: its robots.txt cannot be had. It stays where it is, for another run.
  void LeaveOut(std::string_view origin);
  // Whether something was passed over for that.
  bool HasLeftOut() const;

  // The first task that may be taken at `now`, without taking it; nullptr where there is none. Its place in the order of the lanes decides.
  const FetchTask* Front(const store::Archive& archive, UtcTime now, size_t read_ahead);
  // Takes what Front gave.
  FetchTask TakeFront();
  // The earliest time at which something may be taken: `now` or before where something may be already; UtcTime::max() where nothing waits.
  UtcTime ReadyAt(const store::Archive& archive, UtcTime now, size_t read_ahead);

  // Gives a task back that was taken: it is taken again in its turn.
  void Return(FetchTask task);
  // A place that was taken is gone from the disk.
  void Gone(const std::string& place);
  // A task that was committed at a place of this host's lanes. Of one lane no more than twice `read_ahead` are kept in memory.
  void Insert(FetchTask task, size_t read_ahead);

  // As it is to be stored: below it nothing is left.
  QueueHead Head() const;
  // The same where the round ends and has left nothing: no revisit is due before `floor`.
  QueueHead HeadOfEnded(UtcTime floor) const;
  // Changes of the counts in it.
  void CountWaiting(int64_t change) { head_.waiting = static_cast<uint64_t>(std::max<int64_t>(0, static_cast<int64_t>(head_.waiting) + change)); }
  void CountKnown(int64_t change) { head_.known = static_cast<uint64_t>(std::max<int64_t>(0, static_cast<int64_t>(head_.known) + change)); }
  // Without what the site entry no longer wants, as far as it was read.
  uint64_t waiting() const { return head_.waiting - std::min(head_.waiting, not_wanted_); }
  uint64_t known() const { return head_.known; }

  const std::shared_ptr<const model::Site>& site() const { return site_; }
  const std::string& host() const { return host_; }
  size_t buffered() const;

 private:
  struct Window {
    std::vector<FetchTask> tasks;  // sorted by key, taken from `first` on
    size_t first = 0;
    std::string resume_after;      // keys up to this one are in tasks, taken, gone, or not of this round
    std::string from;              // where nothing was read yet: begin here, inclusive
    bool more = true;              // the disk may hold keys past resume_after
    std::set<std::string> out;     // taken, not gone yet
    std::string left_out;          // the first place that was passed over for its origin; empty: none
    bool empty() const { return first >= tasks.size(); }
    const FetchTask& front() const { return tasks[first]; }
  };

  Window& At(Lane lane) { return windows_[static_cast<size_t>(lane)]; }
  void Refill(const store::Archive& archive, Lane lane, size_t read_ahead);
  // Whether the site entry, as it is now, wants what waits.
  bool IsWanted(const FetchTask& task) const;
  // Whether a task is passed over for its origin; remembers its place when it is.
  bool IsLeftOut(const FetchTask& task, Window& window) const;
  std::optional<Lane> LaneOfPlace(std::string_view place) const;

  const std::shared_ptr<const model::Site> site_;
  const std::string host_;
  RoundView view_;
  QueueHead head_;
  uint64_t not_wanted_ = 0;
  std::function<bool(const FetchTask&)> passed_over_;
  std::array<Window, kLanes> windows_;
  std::set<std::string, std::less<>> left_out_;  // origins
  std::optional<Lane> front_;
};

}  // namespace fangzhi::frontier
