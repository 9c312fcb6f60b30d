#include "frontier/traps.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.h"
#include "model/counter_addresses.h"

namespace fangzhi::frontier {
namespace {

constexpr size_t kMostSegments = 32;

// Authority and path; the query is another matter.
std::string_view WithoutQuery(std::string_view url) { return url.substr(0, FindEither(url, '?', '#')); }

std::string_view Folder(std::string_view url) {
  const std::string_view path = WithoutQuery(url);
  return path.substr(0, path.rfind('/') + 1);
}

std::string_view AuthorityAndPath(std::string_view url) {
  const size_t scheme = url.find("://");
  return WithoutQuery(scheme == std::string_view::npos ? url : url.substr(scheme + 3));
}

}  // namespace

bool IsTrap(std::string_view url) {
  const std::string_view path = AuthorityAndPath(url);
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view inner = path.substr(slash + 1);
  if (std::count(inner.begin(), inner.end(), '/') < 2) return false;  // too short to repeat anything twice
  const std::vector<std::string_view> segments = Split(inner, '/');
  if (segments.size() > kMostSegments) return true;
  // Longest run looked for: a third of the segments, which are few.
  for (size_t length = 1; length * 3 <= segments.size(); ++length) {
    size_t repeated = 0;
    for (size_t i = 0; i + length < segments.size(); ++i) {
      repeated = segments[i] == segments[i + length] && !segments[i].empty() ? repeated + 1 : 0;
      if (repeated >= 2 * length) return true;
    }
  }
  return false;
}

bool WouldCount(std::string_view url, model::LinkKind kind) {
  if (model::IsBeacon(url) || (kind == model::LinkKind::kRequisite && model::CountsWhenLoaded(url))) return true;
  const auto counter = model::CounterAt(url);
  return counter && counter->kind != "generic";  // by its name alone, /browse.asp?id=3 may as well be a page
}

bool IsNextPageOf(std::string_view list, std::string_view next) {
  if (WithoutQuery(list) == WithoutQuery(next)) return true;
  const std::string_view list_folder = Folder(list), next_folder = Folder(next);
  if (list_folder == next_folder) return true;
  const std::string_view list_path = WithoutQuery(list);
  const size_t dot = list_path.rfind('.');
  if (dot == std::string_view::npos || dot < list_folder.size()) return false;
  return next_folder == std::string(list_path.substr(0, dot)).append("/");
}

}  // namespace fangzhi::frontier
