// When to look again: how often a page changes, estimated from what its visits saw, and the time of the next visit that follows.
// docs/scheduling.md derives the formulas. Pure, thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"

namespace fangzhi::schedule {

// What a visit can be expected to find: lists (home pages, columns, feeds, sitemaps) change as things are published, articles seldom and mostly
// when they are young, documents (PDF, images) hardly ever.
enum class PageClass { kList, kArticle, kDocument };

// The memory of one page: visits after the first, those of them that found it changed, and the days between them, each weighted by
// kDecay for every visit since. Eight bytes of state would do; three floats are simple.
struct ChangeHistory {
  float visits = 0, changes = 0, days = 0;
};

// Weight that a visit keeps at the next one: about the last ten visits count, so that a column that went to sleep is noticed.
inline constexpr float kDecay = 0.9f;

// A visit `since_last` after the one before it found the page changed or not.
void Observe(ChangeHistory& history, std::chrono::seconds since_last, bool changed);

// Changes a day, by the bias-reduced estimator of Cho and Garcia-Molina over the weighted visits, with one visit's worth of what pages of
// the class do at that age (days since publication or first sight) as a beginning.
double ChangesPerDay(const ChangeHistory& history, PageClass page_class, double age_days);

struct RevisitPolicy {
  std::chrono::seconds least{std::chrono::minutes(10)};   // never sooner
  std::chrono::seconds sweep{std::chrono::days(30)};      // never later: a slow full sweep, for silent edits
};

// How long to wait: until a change is as likely as the class can bear to miss (lists 0.5, articles 0.2, documents 0.1), an article at the
// latest when it is half as old again, within the policy's bounds.
std::chrono::seconds RevisitAfter(const ChangeHistory& history, PageClass page_class, double age_days, const RevisitPolicy& policy);

// The expected share of time in which a copy that is renewed every `interval` equals the page, whose changes are a Poisson process of the
// given rate: (1 - e^-x) / x with x = rate · interval.
double ExpectedFreshness(double changes_per_day, std::chrono::seconds interval);

}  // namespace fangzhi::schedule
