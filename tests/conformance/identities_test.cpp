#include <catch2/catch.hpp>

#include "common/carbon/emissions/emissions.hpp"
#include "common/random/stream.hpp"
#include "common/report/table/table.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

constexpr std::uint32_t runs = 200;

double between(Stream& random, double low, double high) { return low + (high - low) * random.uniform(); }

energy::DeviceProfile device(Stream& random, const std::string& id)
{
    auto profile = energy::test::round_figures();
    profile.id = id;
    profile.idle_w.value = between(random, 0, 5);
    profile.active_idle_w.value = between(random, 0, 20);
    profile.small_kernels_w.value = profile.active_idle_w.value + between(random, 0, 20);
    profile.full_w.value = profile.small_kernels_w.value + between(random, 1, 300);
    profile.network_w.value = between(random, 0, 5);
    profile.sustained_gflops.value = between(random, 0.1, 10'000);
    profile.memory_gb_s.value = between(random, 1, 1'000);
    profile.kernel_s.value = between(random, 0, 1e-4);
    profile.eager_launch_s.value = between(random, 0, 1e-4);
    profile.step_overhead_s.value = between(random, 0, 0.01);
    profile.loading_s.value = between(random, 0, 1e-4);
    profile.embodied_kgco2e = energy::Figure{between(random, 1, 500), {}, {}, energy::EvidenceLevel::assumed, "drawn"};
    profile.lifetime_years = energy::Figure{between(random, 1, 6), {}, {}, energy::EvidenceLevel::assumed, "drawn"};
    return profile;
}

energy::Work work(Stream& random)
{
    energy::Work drawn;
    drawn.samples = random.below(10'000);
    drawn.steps = random.below(1'000);
    drawn.flops = random.below(1'000'000'000'000);
    drawn.memory_bytes = random.below(1'000'000'000'000);
    drawn.kernels = random.below(1'000'000);
    return drawn;
}

// A run of one centralized and one federated training, all its figures drawn.
struct Drawn {
    run::RunRecord run;
    std::vector<std::vector<energy::NodeRound>> rounds;
    Joules by_ledger{};  // of the nodes, idling only where it is accounted for
};

void put_rounds(Drawn& drawn)
{
    energy::TrainingWorkBuilder work;
    drawn.by_ledger = {};
    std::uint32_t number = 0;
    for (const auto& nodes : drawn.rounds) {
        const auto& edge = drawn.run.accounting.edge_device;
        const auto priced = energy::price(nodes, edge, drawn.run.accounting.link);
        const auto lines = run::round_lines({"fl", ++number, nodes, priced, edge});
        for (const auto& line : lines) work.add(line);
        for (const auto& line : lines)
            if (line.phase != energy::Phase::idle || drawn.run.accounting.idle) drawn.by_ledger += line.joules;
    }
    drawn.run.trainings[1].work = work.finish();
}

Drawn draw(std::uint32_t number)
{
    Stream random{number, Purpose::subset};
    Drawn drawn;
    drawn.run = test::run();
    auto& accounting = drawn.run.accounting;
    accounting.datacenter_devices = {device(random, "gpu")};
    accounting.edge_device = device(random, "edge");
    accounting.pue = {Pue{between(random, 1, 2)}, Pue{between(random, 2, 3)}};
    accounting.link = {between(random, 1, 100), between(random, 1, 100)};
    accounting.idle = random.below(2) == 0;
    accounting.network.method = random.below(2) == 0 ? NetworkMethod::router : NetworkMethod::kwh_per_gb;
    for (auto& country : accounting.countries) country.intensity = GramsPerKilowattHour{between(random, 1, 1'000)};
    drawn.run.trainings[0].work =
        energy::training_work(std::vector<energy::PhaseWork>{{0, 1, energy::Phase::train, work(random)}});
    drawn.rounds.resize(1 + random.below(4));
    for (auto& round : drawn.rounds) {
        round.resize(1 + random.below(5));
        for (std::uint32_t i = 0; i < round.size(); ++i)
            round[i] = {i, work(random), random.below(100'000'000), random.below(100'000'000)};
    }
    put_rounds(drawn);
    return drawn;
}

constexpr std::size_t federated = 2;  // behind the GPU's two columns

Table table_of(const Drawn& drawn) { return build_table(drawn.run, drawn.run.accounting); }

}  // namespace

TEST_CASE("Emissions are linear in the grid's intensity", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        const auto before = table_of(drawn);
        for (auto& country : drawn.run.accounting.countries) country.intensity = country.intensity * 3;
        const auto after = table_of(drawn);
        for (std::size_t c = 0; c < before.cells.size(); ++c)
            CHECK(after.cells[c].emissions.operational().count() ==
                  Approx(3 * before.cells[c].emissions.operational().count()));
    }
}

TEST_CASE("Emissions of devices are linear in their power", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        const auto before = table_of(drawn);
        auto& accounting = drawn.run.accounting;
        for (auto* profile : {&accounting.datacenter_devices.front(), &accounting.edge_device})
            for (auto figure : {&energy::DeviceProfile::idle_w, &energy::DeviceProfile::active_idle_w,
                                &energy::DeviceProfile::small_kernels_w, &energy::DeviceProfile::full_w,
                                &energy::DeviceProfile::network_w})
                (profile->*figure).value *= 5;
        const auto after = table_of(drawn);
        for (std::size_t c = 0; c < before.cells.size(); ++c) {
            CHECK(after.cells[c].emissions.scope2.count() == Approx(5 * before.cells[c].emissions.scope2.count()));
            CHECK(after.cells[c].emissions.network == before.cells[c].emissions.network);
        }
    }
}

TEST_CASE("Two columns of one device differ by the ratio of their PUEs, and no edge device has one", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        const auto before = table_of(drawn);
        const auto& pue = drawn.run.accounting.pue;
        CHECK(before.cell(0, 1).emissions.scope2.count() ==
              Approx(before.cell(0, 0).emissions.scope2.count() * pue[1].ratio() / pue[0].ratio()));
        drawn.run.accounting.pue = {Pue{4}, Pue{5}};
        CHECK(table_of(drawn).cell(0, federated).emissions.operational() ==
              before.cell(0, federated).emissions.operational());
    }
}

TEST_CASE("Scopes add up: 2 and 3 are the total", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i)
        for (const auto& cell : table_of(draw(i)).cells) {
            const auto& emissions = cell.emissions;
            REQUIRE(emissions.total().has_value());
            CHECK(emissions.total()->count() ==
                  Approx((emissions.scope2 + emissions.network + *emissions.embodied).count()));
        }
}

TEST_CASE("The sum over nodes is the training's total", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        const auto drawn = draw(i);
        CHECK(table_of(drawn).columns[federated].energy.devices.count() == Approx(drawn.by_ledger.count()));
    }
}

TEST_CASE("Twice the rounds are twice the devices' and the network's energy", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        const auto before = table_of(drawn).columns[federated].energy;
        const auto once = drawn.rounds;
        drawn.rounds.insert(drawn.rounds.end(), once.begin(), once.end());
        put_rounds(drawn);
        const auto after = table_of(drawn).columns[federated].energy;
        CHECK(after.network.count() == Approx(2 * before.network.count()));
        CHECK(after.devices.count() == Approx(2 * before.devices.count()));
    }
}

TEST_CASE("A band holds its likely value", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        const auto table = table_of(draw(i));
        for (const auto& cell : table.cells) {
            CHECK(table.low(cell) <= cell.emissions.operational());
            CHECK(cell.emissions.operational() <= table.high(cell));
        }
    }
}

TEST_CASE("Nodes spread over places that are all one country give the plain cells", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        const auto plain = table_of(drawn);
        const auto& country = drawn.run.accounting.countries.front();
        drawn.run.accounting.node_places = {country, country, std::nullopt};
        const auto spread = table_of(drawn);
        const auto& before = plain.cell(0, federated).emissions;
        const auto& after = spread.cell(0, federated).emissions;
        CHECK(after.scope2.count() == Approx(before.scope2.count()).epsilon(1e-12));
        CHECK(after.network.count() == Approx(before.network.count()).epsilon(1e-12));
        CHECK(after.embodied->count() == Approx(before.embodied->count()).epsilon(1e-12));
        // One place alone, spelled out, is the same to the last bit.
        drawn.run.accounting.node_places = {country};
        CHECK(table_of(drawn).cell(0, federated).emissions.operational() == before.operational());
    }
}

TEST_CASE("The energies of a column's places add up to the column's", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        drawn.run.accounting.node_places.resize(1 + i % 7);
        for (const auto& column : table_of(drawn).columns) {
            ColumnEnergy sum;
            Joules load;
            for (const auto& place : column.places) {
                sum.devices += place.energy.devices;
                sum.network += place.energy.network;
                for (const auto& interval : place.load) load += interval.energy;
            }
            CHECK(sum.devices.count() == Approx(column.energy.devices.count()).epsilon(1e-12));
            CHECK(sum.network.count() == Approx(column.energy.network.count()).epsilon(1e-12));
            CHECK(load.count() == Approx(column.energy.operational().count()).epsilon(1e-12));
        }
    }
}

TEST_CASE("A grid that is the same in every hour gives the cells of its average", "[conformance]")
{
    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        const auto plain = table_of(drawn);
        auto& country = drawn.run.accounting.countries.front();
        const std::vector<GramsPerKilowattHour> hours(10'000, country.intensity);
        country.hourly = NamedSeries{"flat", HourlySeries{{}, hours}};
        const auto hourly = table_of(drawn);
        for (std::size_t c = 0; c < plain.columns.size(); ++c)
            CHECK(hourly.cell(0, c).emissions.operational().count() ==
                  Approx(plain.cell(0, c).emissions.operational().count()).epsilon(1e-12));
    }
}

// Qiu et al. 2021 (arXiv:2102.07627) charge an exchange with E = bytes x 8 x (1 / down + 1 / up) x (router watts + idle
// watts). Here the router's share is the network's, the idle share the device's own draw while it sends.
TEST_CASE("With network_w at idle_w, network and transfer energy are the literature's router method", "[conformance]")
{
    auto run = test::run();
    auto& edge = run.accounting.edge_device;
    edge.network_w.value = edge.idle_w.value;
    const auto table = table_of({run, {}});
    const auto& column = table.columns[federated];
    // By hand: two nodes of 10 MB each way, 20 Mbit/s down and 10 up: 2 x 8e7 x (1 / 2e7 + 1 / 1e7) = 24 s, at
    // 7.5 + 2 W.
    CHECK((column.energy.network + column.phases.download + column.phases.upload).count() == Approx(24 * 9.5));

    for (std::uint32_t i = 0; i < runs; ++i) {
        auto drawn = draw(i);
        auto& accounting = drawn.run.accounting;
        accounting.network.method = NetworkMethod::router;
        accounting.edge_device.network_w.value = accounting.edge_device.idle_w.value;
        const auto drawn_table = table_of(drawn);
        const auto& fl = drawn_table.columns[federated];
        const double watts = accounting.network.router_w.value + accounting.edge_device.idle_w.value;
        const double seconds =
            8 * (static_cast<double>(fl.phases.bytes_down) / (accounting.link.download_mbit_s * 1e6) +
                 static_cast<double>(fl.phases.bytes_up) / (accounting.link.upload_mbit_s * 1e6));
        CHECK((fl.energy.network + fl.phases.download + fl.phases.upload).count() == Approx(seconds * watts));
    }
}
