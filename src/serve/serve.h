// serve/: the daemon. Runs every site of the site list on its schedule, for years: planner.h says when, crawl/ does the work, what is
// remembered lies in the archive's state area. Answers over HTTP (docs/api.md) and, through cli/, over the archive's local socket.
//
//   caller of Run    the planner's clock, the configuration, systemd's watchdog
//   loop             crawl's fetch loop (with its own page workers and writer)
//   starter          queues runs that begin
//   http             a few threads that answer requests
//
// A bad edit of the configuration leaves the one that was read before in force. A full disk holds the work back until there is room.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "model/json.h"
#include "store/store.h"

namespace fangzhi::serve {

using model::Json;

struct DaemonOptions {
  std::string config_directory;
  std::string listen;  // "127.0.0.1:8417", "[::1]:0"; empty: no HTTP
  bool listen_required = false;  // true: it is an error when that address cannot be had; false: a warning
  // Tests: how many times faster than the real one `clock` goes. Other than 1 is refused for sites that may not live at private addresses.
  double clock_rate = 1;
  const Clock* clock = nullptr;  // must live longer; the same that the archive has
};

// Thread-safe but for Run.
class Daemon {
 public:
  // `config` must be free of problems. The archive must live longer.
  static Result<std::unique_ptr<Daemon>> Create(store::Archive& archive, config::Config config, DaemonOptions options);
  ~Daemon();

  // Begins to answer over HTTP. kIo when the address cannot be had and listen_required is set. Before Run.
  Result<void> OpenHttp();
  // Until stopped; then within seconds: what is under way is cut and stays queued. An error means that the archive could not go on. After
  // kNoSpace it goes on when it is opened again: close daemon and archive, WaitForRoom, begin anew.
  Result<void> Run(std::stop_token stop);

  // What a person may ask of it. The errors are words for that person.
  Result<Json> StartRun(const std::string& site, bool sweep);
  Result<Json> Pause(const std::string& site);   // "all" for everything
  Result<Json> Resume(const std::string& site);
  void RequestReload();  // reads the configuration again soon (SIGHUP)
  // Reads it again now. What is wrong with it, a line each: then the one that was read before stays in force. kTimeout when Run did not come to it.
  Result<std::vector<std::string>> Reload();
  Json Status() const;
  std::string listening_at() const;  // "http://127.0.0.1:8417/", empty without HTTP

 private:
  struct Impl;
  explicit Daemon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Waits, feeding the watchdog, until the disk has a tenth more than the least free (16 MiB where there is no least). False when stopped.
bool WaitForRoom(const std::string& directory, uint64_t min_free_bytes, const std::stop_token& stop);

// The same answer as Status without a daemon, from what is stored.
Json StoredStatus(const store::Archive& archive, const config::Config& config, UtcTime now);
// Pause and Resume without a daemon: for the one that starts next.
Result<Json> StorePause(store::Archive& archive, const config::Config& config, const std::string& site, bool paused);

}  // namespace fangzhi::serve
