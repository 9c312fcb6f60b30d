// systemd's notification protocol (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET names. Does nothing without it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace fangzhi::serve {

// "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…", lines joined by '\n'.
void Notify(std::string_view state);
// "RELOADING=1" with the monotonic time that Type=notify-reload asks for.
void NotifyReloading();
// How often systemd wants to hear of us (WATCHDOG_USEC, for this process); nullopt when it does not.
std::optional<std::chrono::microseconds> WatchdogInterval();

}  // namespace fangzhi::serve
