#pragma once

#include <functional>
#include <span>
#include <vector>

#include "common/energy/devices/served_form.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::experiments {

/// What a load on one instance of a server gave.
struct ServedLoad {
    double per_second = 0;   ///< answers
    Seconds mean_latency{};  ///< from when a request was due
    double mean_batch = 1;   ///< requests
    Seconds computed{};      ///< a batch in the engine, mean over answers
    Seconds usual{};         ///< the same, median: without what held the engine up
    Seconds server_core{};   ///< core-seconds of the server for each answer
    Seconds client_core{};   ///< and of its clients, on the same cores
};

/// The loads by which a form is fitted.
struct FittingLoads {
    ServedLoad alone;              ///< one client, batches of 1
    std::vector<ServedLoad> full;  ///< closed loops that always find a full batch: of 1, then larger ones
    ServedLoad sparse;             ///< an open loop at random (Poisson), batches of 1
    double sparse_rate = 0;        ///< that it asks for
    ServedLoad dense;              ///< the same with the largest batches
    double cores = 1;              ///< of the machine
    std::vector<ServedLoad> busy;  ///< as `full`, but with an instance on each of several cores; at least two, or none
};

/// Of the capacity: so little that most requests find an idle server, and so much that they wait for one another.
inline constexpr double sparse_share = 0.3;
inline constexpr double dense_share = 0.65;

/// Mean latency that virtual time gives the dense load with this form.
using DenseLatency = std::function<Seconds(const energy::ServedForm&)>;

/// `form` (its name and model) with the engine's times as they were measured, and all else fitted:
///
/// - batch_s + request_s b are what full batches take beside the engine, b / X - engine(b): a line by least squares of
///   the relative errors of S(b), neither part below 0. The core-seconds beside the engine's are such lines, too: those
///   of full_batch_core_s and full_request_core_s through cores b / X - engine(b) of the busy loads, without these the
///   sum of server's and clients'.
///   full_request_core_s is as much more as it takes for no busy load to answer more in it than was measured. Where
///   clients filled no batch of so many instances, the fullest batch takes at least what one instance and its clients
///   took.
/// - most_per_s is the greatest throughput of the full and busy loads.
/// - round_trip_s is what a client by itself waits beside S(1).
/// - arrival_s is such that virtual time gives the dense load the mean latency that was measured.
/// - wake_s is what the mean latency of the sparse load has beside round trip, D = S(1) + arrival_s and the queue, by
///   M/D/1 whose first service of each busy period takes W more (Welch 1964, doi:10.1287/opre.12.5.736), with rate L:
///
///       mean = round trip + D + L D^2 / (2 (1 - L D)) + (2 W + L W^2) / (2 (1 + L W))
///
/// What would be below 0 is 0. There are at least two full loads.
[[nodiscard]] energy::ServedForm fitted_form(energy::ServedForm form, const FittingLoads& loads,
                                             const DenseLatency& dense_latency);

/// How far S(b) of the form is from a full load's b / X: the greatest, as a share of it.
[[nodiscard]] double largest_residual(const energy::ServedForm& form, std::span<const ServedLoad> full);

}  // namespace fedgram::experiments
