// What is true of the portal at the present virtual time, piece by piece: 100,000 articles do not fit into
// one answer's memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "pages.h"
#include "world.h"

namespace fangzhi::portal {

struct TruthOptions {
  std::string base;    // http://127.0.0.1:1234, before every path
  bool lines = false;  // JSON Lines instead of one object
  bool bodies = true;
  int64_t article = -1;  // one only
};

// A producer as Response::more wants it. The world must outlive it.
std::function<bool(std::string*)> MakeTruth(const World& world, const Pages& pages,
                                            const TruthOptions& options);

void AppendJsonString(std::string_view text, std::string* out);

}  // namespace fangzhi::portal
