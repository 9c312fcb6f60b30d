// When each site runs. Pure: no clock, no thread, no archive of its own; the daemon asks it, and stores what it remembers.
//
//  - A site runs when its schedule is due, and never beside itself. Due times that pass while it runs, or while it is paused, count as
//    served by that run.
//  - Catch-up: of the due times that passed while no daemon ran, one is made up for, at once; the others are left out. A site that has never
//    run is due at once.
//  - A run that a stop, a crash or a pause cut off goes on as soon as it may.
//  - A run that ended with something left (a host that gave no answer, a window that closed) goes on after 15 minutes, then 30, then 60,
//    six hours at most, until its next due time comes. One that used up its budget waits for its next due time.
//  - A site whose day's quota is used up waits for the next day of its time zone.
//  - Nothing starts outside the site's time window; it starts when the window opens.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/json.h"
#include "model/site.h"
#include "schedule/schedule.h"

namespace fangzhi::serve {

// Why a run began.
enum class Trigger { kSchedule, kCatchUp, kResume, kContinue, kManual };
std::string_view TriggerName(Trigger trigger);

// How it ended, as far as the next one depends on it.
enum class Ending { kDone, kLeft, kBudget, kCutOff };

// What is remembered of a site between runs and processes: docs/storage.md, state area, d/<site>.
struct SiteMemory {
  std::optional<UtcTime> served;  // due times up to here are served; unset: it never ran
  std::optional<UtcTime> last_started, last_ended;
  bool cut_off = false;           // a run began and did not come to its own end
  bool paused = false;
  int continuations = 0;          // in a row
  std::optional<UtcTime> continue_at;
  std::optional<UtcTime> day_ends;  // of the counts below
  uint64_t pages_of_day = 0, bytes_of_day = 0;
  // Of a run that was killed, what is in the counts already: the pieces that it left are there until its round goes on (report/report.h).
  uint64_t pages_of_killed = 0, bytes_of_killed = 0;
};
std::string ToValue(const SiteMemory& memory);
std::optional<SiteMemory> SiteMemoryFromValue(std::string_view value);

class Planner {
 public:
  struct Start {
    std::shared_ptr<const model::Site> site;
    Trigger trigger = Trigger::kSchedule;
    bool sweep = false;
  };
  // Why a site that is not running does not, and when it will.
  struct Outlook {
    bool running = false, paused = false, disabled = false, requested = false, window_closed = false, quota_used = false;
    std::optional<UtcTime> next;  // unset: never, as things are
    Trigger trigger = Trigger::kSchedule;
  };

  // The site list, at start and after each reload. What is remembered stays, also of a site that comes back later.
  void SetSites(std::vector<std::shared_ptr<const model::Site>> sites, UtcTime now);
  // What was stored. Before SetSites.
  void Remember(const std::string& site, SiteMemory memory) { memory_[site] = std::move(memory); }
  const SiteMemory& MemoryOf(const std::string& site) { return memory_[site]; }

  // The runs to begin now, the longest overdue first, at most `room`.
  std::vector<Start> Due(UtcTime now, size_t room);
  Outlook OutlookOf(const std::string& site, UtcTime now) const;

  // What a run that begins now may use up of the day's quota; 0: no limit.
  struct Quota {
    uint64_t pages = 0, bytes = 0;
  };
  Quota QuotaOf(const std::string& site, UtcTime now) const;
  // What a run used counts for the day on which it began.
  void Used(const std::string& site, UtcTime began, uint64_t pages, uint64_t bytes);
  // What runs that were killed left behind them, in all: what of it was not counted yet is.
  void UsedByKilled(const std::string& site, uint64_t pages, uint64_t bytes);

  void Started(const std::string& site, UtcTime now);
  void Ended(const std::string& site, UtcTime now, Ending ending);
  // True while a run that Due handed out is still wanted: nobody paused, disabled or removed the site since.
  bool Wanted(const Start& start) const;
  // What Started was told of was never begun, and is as if it had not been: because it failed (tried again after a while), or because it is not
  // wanted any more.
  void NotStarted(const std::string& site, UtcTime now, bool failed);

  // A run asked for by a person. kNotFound, kConflict (running, paused), with words for that person.
  Result<void> Request(const std::string& site, bool sweep);
  Result<void> Pause(const std::string& site, bool paused);
  void PauseAll(bool paused) { all_paused_ = paused; }
  bool all_paused() const { return all_paused_; }
  std::vector<std::shared_ptr<const model::Site>> Sites() const;
  std::vector<std::string> Running() const;  // also those that wait to be begun

 private:
  struct Entry {
    std::shared_ptr<const model::Site> site;
    std::optional<schedule::Schedule> schedule;
    schedule::TimeWindow window;
    bool requested = false, sweep = false;
    std::optional<UtcTime> not_before;  // after a failed beginning
    std::optional<schedule::Schedule> midnight;
  };
  // What Started changed.
  struct Before {
    SiteMemory memory;
    bool requested = false, sweep = false;
  };
  // When the day's quota lets the site be fetched again; in the past when it does now.
  static UtcTime QuotaOpens(const Entry& entry, const SiteMemory& memory, UtcTime now);
  std::map<std::string, Entry> sites_;
  std::map<std::string, SiteMemory> memory_;
  std::map<std::string, Before> running_;  // also of sites that were removed meanwhile
  bool all_paused_ = false;
};

}  // namespace fangzhi::serve
