#include "frontier/host_queue.h"

#include <algorithm>

#include "base/log.h"
#include "config/config.h"
#include "frontier/traps.h"
#include "url/url.h"

namespace fangzhi::frontier {

void HostQueue::Begin(const RoundView& view, const QueueHead& head) {
  view_ = view;
  head_ = head;
  front_.reset();
  not_wanted_ = 0;
  for (size_t i = 0; i < kLanes; ++i) {
    const Lane lane = static_cast<Lane>(i);
    Window& window = windows_[i];
    window = {};
    window.from = LanePrefix(site_->id, host_, lane) + head.from[i];
    // A round that ended without this host may have left revisits from before the site's floor.
    if (IsDueLane(lane) && head.round != view.round) window.from = std::min(window.from, DueFrom(site_->id, host_, lane, view.floor));
  }
  head_.round = view.round;
}

std::optional<Lane> HostQueue::LaneOfPlace(std::string_view place) const {
  // "<letter>/<site>/<host>/", then the class of q and v.
  const size_t before_class = 4 + site_->id.size() + host_.size();
  if (place.size() <= before_class) return std::nullopt;
  const char letter = place.front(), digit = place[before_class];
  if (letter == 't') return Lane::kDelayed;
  if (letter == 'v') return digit == '0' ? Lane::kDueLists : Lane::kDueOthers;
  if (letter != 'q') return std::nullopt;
  switch (digit) {
    case '0': return Lane::kCounters;
    case '1': return Lane::kLists;
    case '2': return Lane::kArticles;
    case '3': return Lane::kPages;
    case '4': return Lane::kAttachments;
    case '5': return Lane::kRequisites;
    default: return std::nullopt;
  }
}

void HostQueue::Refill(const store::Archive& archive, Lane lane, size_t read_ahead) {
  Window& window = At(lane);
  if (!window.empty() || !window.more) return;
  window.tasks.clear();
  window.first = 0;
  const std::string prefix = LanePrefix(site_->id, host_, lane);
  // Byte order: the first key after resume_after is resume_after followed by a zero byte.
  const std::string from = window.resume_after.empty() ? window.from : window.resume_after + '\0';
  bool stopped = false;
  const auto scanned = archive.ScanState(prefix, from, [&](std::string_view key, std::string_view value) {
    if (IsDueLane(lane) && TimeOfPlace(key.substr(prefix.size())) > (lane == Lane::kDueLists ? view_.lists_due_until : view_.due_until)) return false;
    std::string place(key);
    if (window.out.contains(place)) {
      window.resume_after = std::move(place);
      return true;
    }
    auto task = TaskFromValue(site_->id, host_, key, value);
    window.resume_after = std::move(place);
    if (!task) {
      Log(LogLevel::kError, "frontier", "unreadable_task", {{"key", Escaped(key)}});
      return true;
    }
    if (IsDueLane(lane)) {
      if (task->round >= view_.round) return true;  // fetched in this round already
    }
    // The site entry was changed: kept where it is, for an entry that wants it again, and asked for no more.
    if (!IsWanted(*task)) {
      if (!IsDueLane(lane)) ++not_wanted_;
      return true;
    }
    if (IsDueLane(lane) && passed_over_ && passed_over_(*task)) return true;
    if (lane == Lane::kDelayed) task->not_before = TimeOfPlace(key.substr(prefix.size()));
    // What an earlier round tried and left has all its tries again.
    if (task->round != view_.round) task->attempt = 0;
    if (IsLeftOut(*task, window)) return true;
    task->round = view_.round;
    task->site = site_;
    window.tasks.push_back(std::move(*task));
    stopped = window.tasks.size() >= read_ahead;
    return !stopped;
  });
  if (!scanned) Log(LogLevel::kError, "frontier", "scan_failed", {{"error", Escaped(scanned.error().ToString())}});
  window.more = stopped;
}

bool HostQueue::IsWanted(const FetchTask& task) const {
  if (task.counter) return true;  // asked for with its page, wherever it is
  if (WouldCount(task.url, task.kind)) return false;  // an earlier version of the program took it
  const std::string posted = url::PostTarget(task.url);
  if (config::InScope(*site_, posted.empty() ? task.url : posted)) return true;
  return task.via.empty() && std::find(site_->seeds.begin(), site_->seeds.end(), task.url) != site_->seeds.end();
}

bool HostQueue::IsLeftOut(const FetchTask& task, Window& window) const {
  const bool left_out = std::any_of(left_out_.begin(), left_out_.end(), [&](const std::string& origin) {
    return task.url.starts_with(origin) && (task.url.size() == origin.size() || std::string_view("/?#").find(task.url[origin.size()]) != std::string_view::npos);
  });
  if (left_out && (window.left_out.empty() || task.queue_key < window.left_out)) window.left_out = task.queue_key;
  return left_out;
}

void HostQueue::LeaveOut(std::string_view origin) {
  if (!left_out_.emplace(origin).second) return;
  front_.reset();
  for (Window& window : windows_) {
    window.tasks.erase(window.tasks.begin(), window.tasks.begin() + static_cast<std::ptrdiff_t>(window.first));
    window.first = 0;
    std::erase_if(window.tasks, [&](const FetchTask& task) { return IsLeftOut(task, window); });
  }
}

bool HostQueue::HasLeftOut() const {
  return std::any_of(windows_.begin(), windows_.end(), [](const Window& window) { return !window.left_out.empty(); });
}

const FetchTask* HostQueue::Front(const store::Archive& archive, UtcTime now, size_t read_ahead) {
  front_.reset();
  for (size_t i = 0; i < kLanes; ++i) {
    const Lane lane = static_cast<Lane>(i);
    Refill(archive, lane, read_ahead);
    const Window& window = windows_[i];
    // A time further ahead than any pause is no time that was asked for: a clock was wrong when it was written.
    const bool waits = lane == Lane::kDelayed && !window.empty() && window.front().not_before > now && window.front().not_before <= now + kLongestRetryAfter;
    if (window.empty() || waits) continue;
    front_ = lane;
    return &window.front();
  }
  return nullptr;
}

FetchTask HostQueue::TakeFront() {
  Window& window = At(*front_);
  front_.reset();
  FetchTask task = std::move(window.tasks[window.first++]);
  window.out.insert(task.queue_key);
  if (window.empty()) {
    // The memory of a host that has nothing more is given back.
    if (window.more) {
      window.tasks.clear();
    } else {
      std::vector<FetchTask>().swap(window.tasks);
    }
    window.first = 0;
  }
  return task;
}

UtcTime HostQueue::ReadyAt(const store::Archive& archive, UtcTime now, size_t read_ahead) {
  if (Front(archive, now, read_ahead) != nullptr) return now;
  const Window& delayed = At(Lane::kDelayed);
  return delayed.empty() ? UtcTime::max() : delayed.front().not_before;
}

void HostQueue::Return(FetchTask task) {
  const std::optional<Lane> lane = LaneOfPlace(task.queue_key);
  if (!lane) return;
  Window& window = At(*lane);
  if (window.out.erase(task.queue_key) == 0 || IsLeftOut(task, window)) return;
  const auto begin = window.tasks.begin() + static_cast<std::ptrdiff_t>(window.first);
  const auto at = std::lower_bound(begin, window.tasks.end(), task,
                                   [](const FetchTask& a, const FetchTask& b) { return a.queue_key < b.queue_key; });
  window.tasks.insert(at, std::move(task));
}

void HostQueue::Gone(const std::string& place) {
  if (const std::optional<Lane> lane = LaneOfPlace(place)) At(*lane).out.erase(place);
}

void HostQueue::Insert(FetchTask task, size_t read_ahead) {
  const std::optional<Lane> lane = LaneOfPlace(task.queue_key);
  if (!lane || IsDueLane(*lane)) return;  // due places that a round makes are of later rounds
  Window& window = At(*lane);
  task.site = site_;
  if (window.out.contains(task.queue_key) || IsLeftOut(task, window)) return;
  if (task.queue_key > window.resume_after) {
    // A clock that was set back makes places before those that reading would begin with.
    if (window.resume_after.empty()) window.from = std::min(window.from, task.queue_key);
    if (window.more || window.tasks.size() - window.first >= 2 * read_ahead) {
      window.more = true;  // it is on the disk and will be read in its turn
      return;
    }
    window.resume_after = task.queue_key;
    window.tasks.push_back(std::move(task));
    return;
  }
  // Among what was read: only delayed tasks and counters come out of order.
  const auto begin = window.tasks.begin() + static_cast<std::ptrdiff_t>(window.first);
  const auto at = std::lower_bound(begin, window.tasks.end(), task,
                                   [](const FetchTask& a, const FetchTask& b) { return a.queue_key < b.queue_key; });
  // Between its commit and this it may have been read from the disk.
  if (at != window.tasks.end() && at->queue_key == task.queue_key) return;
  window.tasks.insert(at, std::move(task));
  if (window.tasks.size() - window.first > 4 * read_ahead) {
    window.tasks.resize(window.first + 2 * read_ahead);
    window.resume_after = window.tasks.back().queue_key;
    window.more = true;
  }
}

QueueHead HostQueue::Head() const {
  QueueHead head = head_;
  for (size_t i = 0; i < kLanes; ++i) {
    const Window& window = windows_[i];
    const std::string prefix = LanePrefix(site_->id, host_, static_cast<Lane>(i));
    // Nothing was read yet: as it was. Else the first that is taken or waits, else past the last that was read. Lanes in which places are made
    // out of order begin at their beginning: they are short.
    std::string from = window.resume_after.empty() ? window.from : window.resume_after;
    if (!window.empty()) from = std::min(from, window.front().queue_key);
    if (!window.out.empty()) from = std::min(from, *window.out.begin());
    if (!window.left_out.empty()) from = std::min(from, window.left_out);
    const Lane lane = static_cast<Lane>(i);
    head.from[i] = lane == Lane::kDelayed || lane == Lane::kCounters || from.size() < prefix.size() ? std::string() : from.substr(prefix.size());
    // URLs in due places are long, and the time is enough.
    if (IsDueLane(lane) && head.from[i].size() > 8) head.from[i].resize(8);
  }
  return head;
}

QueueHead HostQueue::HeadOfEnded(UtcTime floor) const {
  QueueHead head = Head();
  for (size_t i = 0; i < kLanes; ++i) {
    const Lane lane = static_cast<Lane>(i);
    if (IsDueLane(lane)) head.from[i] = DueFrom(site_->id, host_, lane, floor).substr(LanePrefix(site_->id, host_, lane).size());
  }
  return head;
}

size_t HostQueue::buffered() const {
  size_t count = 0;
  for (const Window& window : windows_) count += window.tasks.size() - window.first;
  return count;
}

}  // namespace fangzhi::frontier
