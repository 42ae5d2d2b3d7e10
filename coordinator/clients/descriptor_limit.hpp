#pragma once

namespace fedgram::coordinator {

/// Lets this process have as many file descriptors as the system allows it (RLIMIT_NOFILE's hard limit); how many
/// that are.
[[nodiscard]] int raise_descriptor_limit();

}  // namespace fedgram::coordinator
