#pragma once

#include <cstdint>

namespace fedgram::net {

/// Kept back from connections for what a coordinator itself opens during a run: data, engine, results.
constexpr int reserved_descriptors = 48;

/// Lets this process have as many file descriptors as the system allows it (RLIMIT_NOFILE's hard limit); how many
/// that are.
[[nodiscard]] int raise_descriptor_limit();

/// How many descriptors a coordinator of so many clients needs: one for each, the reserve, and what it has open before
/// the first one comes (some 16), with room to spare.
[[nodiscard]] int descriptors_for(std::uint32_t clients);

/// The most clients for which `limit` is enough; 0 where it is not even for one.
[[nodiscard]] std::uint32_t clients_within(int limit);

}  // namespace fedgram::net
