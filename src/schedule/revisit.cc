#include "schedule/revisit.h"

#include <algorithm>
#include <cmath>

namespace fangzhi::schedule {
namespace {

constexpr double kSecondsOfDay = 86400;

// What is assumed of a page of which nothing was seen yet, in changes a day. An article is corrected in its first days if ever; the
// hyperbola falls to 0.002 (once in 500 days) within four months.
double PriorPerDay(PageClass page_class, double age_days) {
  switch (page_class) {
    case PageClass::kList: return 1.0;
    case PageClass::kArticle: return std::max(0.002, 0.25 / (1.0 + std::max(0.0, age_days)));
    case PageClass::kDocument: return 0.002;
  }
  return 0.002;
}

// The chance of a change that may have been missed when the next visit comes.
double Bearable(PageClass page_class) {
  switch (page_class) {
    case PageClass::kList: return 0.5;
    case PageClass::kArticle: return 0.2;
    case PageClass::kDocument: return 0.1;
  }
  return 0.2;
}

}  // namespace

void Observe(ChangeHistory& history, std::chrono::seconds since_last, bool changed) {
  history.visits = history.visits * kDecay + 1;
  history.changes = history.changes * kDecay + (changed ? 1.0f : 0.0f);
  // A minute at least: two visits within one second say nothing about days.
  history.days = history.days * kDecay + static_cast<float>(static_cast<double>(std::max<int64_t>(60, since_last.count())) / kSecondsOfDay);
}

double ChangesPerDay(const ChangeHistory& history, PageClass page_class, double age_days) {
  const double prior = PriorPerDay(page_class, age_days);
  if (!(history.visits > 0) || !(history.days > 0)) return prior;
  // -ln((n - X + 0.5) / (n + 0.5)) changes a visit (Cho and Garcia-Molina, "Estimating frequency of change", 2003, section 4.2), n/T visits
  // a day.
  const double n = history.visits, x = std::min(history.changes, history.visits);
  const double observed = -std::log((n - x + 0.5) / (n + 0.5)) * n / history.days;
  // The prior weighs as one visit does.
  return (observed * n + prior) / (n + 1);
}

std::chrono::seconds RevisitAfter(const ChangeHistory& history, PageClass page_class, double age_days, const RevisitPolicy& policy) {
  const double rate = std::max(1e-6, ChangesPerDay(history, page_class, age_days));
  double days = -std::log(1 - Bearable(page_class)) / rate;
  if (page_class == PageClass::kArticle) days = std::min(days, std::max(1.0, std::max(0.0, age_days) / 2));
  const double least = static_cast<double>(policy.least.count()), most = std::max(least, static_cast<double>(policy.sweep.count()));
  return std::chrono::seconds(static_cast<int64_t>(std::clamp(days * kSecondsOfDay, least, most)));
}

double ExpectedFreshness(double changes_per_day, std::chrono::seconds interval) {
  const double x = std::max(0.0, changes_per_day) * static_cast<double>(std::max<int64_t>(0, interval.count())) / kSecondsOfDay;
  return x < 1e-9 ? 1.0 : -std::expm1(-x) / x;
}

}  // namespace fangzhi::schedule
