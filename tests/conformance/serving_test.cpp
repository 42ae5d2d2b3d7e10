// Serving beside published figures of the TPU v1, and a quick search beside a walk through everything.

#include <catch2/catch.hpp>

#include "common/energy/pricing/batch_service.hpp"
#include "common/serving/serving_energy.hpp"
#include "experiments/analysis/journal.hpp"
#include "experiments/analysis/result.hpp"
#include "experiments/analysis/search.hpp"
#include "experiments/analyzing/shared_device.hpp"
#include "experiments/analyzing/virtual_server.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

// Jouppi et al. 2017 (arXiv:1704.04760): MLP0 has 20 million weights, each used once.
energy::BatchDemand mlp0() { return {energy::Arithmetic::int8, 20'000'000, 20'000'000, 0, 0}; }

}  // namespace

// Arithmetic alone: busy watts of the server over published answers a second.
TEST_CASE("Millijoules of an inference follow from the TPU v1 paper's throughputs and watts", "[conformance]")
{
    struct Row {
        double watts;  // of a die with its share of the server
        double per_second;
        double millijoules;
    };
    for (const auto& [watts, per_second, millijoules] : {Row{455. / 2, 5482, 41.5},  // CPU, batch 16
                                                         Row{991. / 8, 13461, 9.2},  // K80, batch 16
                                                         Row{118, 225000, 0.52}}) {  // TPU, batch 200
        const auto energy = serving::energy_at_capacity({Watts{0}, Watts{watts}}, 1, per_second);
        CHECK(energy.per_1000().count() == Approx(millijoules).epsilon(0.01));
    }
}

TEST_CASE("The TPU v1 profile gives MLP0's throughputs and joules, of which a batch of 250 was fitted to nothing",
          "[conformance]")
{
    const auto tpu = served_device("tpu-v1").profile;
    const auto service = energy::batch_service(tpu, mlp0());
    CHECK(shared_capacity(service, 1, 200) == Approx(225'000).epsilon(0.01));
    CHECK(shared_capacity(service, 1, 250) == Approx(280'000).epsilon(0.01));
    const double watts = tpu.power(energy::Arithmetic::int8, 1)->count();
    CHECK(1e3 * watts / shared_capacity(service, 1, 200) == Approx(0.52).epsilon(0.01));
}

TEST_CASE("A quick search finds at least 95 % of what a walk through everything does, with a tenth of its measurements",
          "[conformance]")
{
    for (const std::string model : {"small-cnn", "mcmahan-cnn", "resnet-50"})
        for (const std::string device : {"t4", "a100", "tpu-v4"}) {
            INFO(model + " on " + device);
            const auto served = served_device(device);
            const auto half = device == "tpu-v4" ? energy::Arithmetic::bf16 : energy::Arithmetic::fp16;
            const VirtualServer server{model_by_costs(model, {half, energy::Arithmetic::int8}), {served}, {}};
            analysis::Space space;
            space.devices = {device};
            space.variants = {0, 1};
            const analysis::Goal goal{.constraints = {{analysis::Metric::p99, 15}}};
            const auto found = [&](analysis::Mode mode) {
                const auto search = analysis::make_search(mode, space, goal);
                const auto journal =
                    analysis::carry_out(*search, {}, [&](const auto& probe) { return server.measure(probe); });
                return analysis::result_of(journal.entries, space, goal);
            };
            const auto quick = found(analysis::Mode::quick);
            const auto walk = found(analysis::Mode::brute);
            REQUIRE(quick.best.front().keeps_constraints);
            CHECK(quick.best.front().best.measurement.throughput_per_s >=
                  0.95 * walk.best.front().best.measurement.throughput_per_s);
            CHECK(quick.measurements * 10 <= walk.measurements);
        }
}
