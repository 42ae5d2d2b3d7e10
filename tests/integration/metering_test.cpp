#include <unistd.h>
#include <atomic>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// A RAPL package that draws up to 50 W, until its end. It is brought up to date each millisecond, like a real one, so
/// that a training of some tens of milliseconds sees it move.
class FakePackage {
public:
    explicit FakePackage(const std::filesystem::path& sysfs) : zone_{sysfs / "class/powercap/intel-rapl:0"}
    {
        std::filesystem::create_directories(zone_);
        write_file(zone_ / "name", "package-0\n");
        write_file(zone_ / "max_energy_range_uj", "262143328850\n");
        show(0);
        thread_ = std::jthread{[this](const std::stop_token& stopped) {
            for (std::uint64_t tick = 1; !stopped.stop_requested(); ++tick) {
                ::usleep(1'000);
                show(tick * 50'000);
            }
        }};
    }

private:
    // By rename, so that a reader never sees half a number.
    void show(std::uint64_t microjoules) const
    {
        write_file(zone_ / "next", std::to_string(microjoules) + "\n");
        std::filesystem::rename(zone_ / "next", zone_ / "energy_uj");
    }

    std::filesystem::path zone_;
    std::jthread thread_;
};

std::vector<json> lines_of(const std::filesystem::path& file)
{
    std::istringstream text{read_file(file)};
    std::vector<json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    return lines;
}

json meter_of(const json& training, const std::string& process, const std::string& meter)
{
    for (const auto& record : training.at("host_meters"))
        if (record.at("process") == process && record.at("meter") == meter) return record;
    throw std::runtime_error{"no " + meter + " of " + process + " in " + training.dump()};
}

}  // namespace

TEST_CASE("A run reads its machine's meters once, estimates each process and node, and leaves the table alone",
          "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto plain = run("fedgram", {"run", folder / "tiny.json", "--out", folder / "plain", "--full"});
    REQUIRE(plain.exit_code == 0);
    CHECK(plain.out.find("not metered") != std::string::npos);

    const FakePackage package{folder / "sys"};
    const auto metered = run("fedgram",
                             {"run", folder / "tiny.json", "--out", folder / "run", "--client-processes", "2",
                              "--core-w", "4:8:16", "--full"},
                             {"FEDGRAM_SYSFS=" + (folder / "sys").string()});
    INFO(metered.err);
    REQUIRE(metered.exit_code == 0);
    CHECK(metered.out.find("RAPL package") != std::string::npos);
    for (const std::string file : {"table.json", "ledger.jsonl"})
        CHECK(read_file(folder / "run" / file) == read_file(folder / "plain" / file));

    const auto host = lines_of(folder / "run" / "host.jsonl");
    const auto summary = json::parse(read_file(folder / "run" / "summary.json"));
    for (const auto& training : summary.at("trainings")) {
        CHECK(meter_of(training, "coordinator", "RAPL package").at("joules") > 0);
        double nodes = 0;
        for (const auto& line : host)
            if (line.at("training") == training.at("label")) {
                const double seconds = line.at("cpu_seconds");
                nodes += seconds;
                CHECK(line.at("estimate").at("joules").get<double>() == Approx(8 * seconds));
            }
        CHECK(nodes == Approx(training.at("host_node_cpu_seconds").get<double>()));
        // What the nodes are charged with is a part of what the processes used.
        CHECK(nodes < training.at("host_cpu_seconds").get<double>());
        const auto& estimate = training.at("host_node_estimate");
        CHECK(estimate.at("high_joules").get<double>() == Approx(2 * estimate.at("joules").get<double>()));
    }
    const auto& federated = summary.at("trainings").at(1);
    // The coordinator reads the machine, so that its clients estimate themselves alone.
    for (const auto& record : federated.at("host_meters"))
        CHECK((record.at("process") == "coordinator" || record.at("meter") == "CPU estimate"));
    CHECK(meter_of(federated, "client of nodes 0-1", "CPU estimate").at("joules") > 0);
    CHECK(meter_of(federated, "client of nodes 2-4", "CPU estimate").at("joules") > 0);
}

TEST_CASE(
    "A centralized training that a meter measured stands beside its model, and has columns where they are asked for",
    "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const FakePackage package{folder / "sys"};
    const auto out = folder / "run";
    // Phases that are long beside what a busy machine holds the fake package up for.
    const auto metered =
        run("fedgram", {"run", folder / "tiny.json", "--out", out, "--full", "--set", "data.train_samples=12000"},
            {"FEDGRAM_SYSFS=" + (folder / "sys").string()});
    INFO(metered.err);
    REQUIRE(metered.exit_code == 0);
    CHECK(metered.out.find("Measured beside modelled") != std::string::npos);

    const auto summary = json::parse(read_file(out / "summary.json"));
    const auto& centralized = summary.at("trainings").at(0);
    REQUIRE(centralized.at("measured").size() == 1);
    const auto& measured = centralized.at("measured")[0];
    const double joules = measured.at("reading").at("joules");
    CHECK(joules > 0);
    // The evaluations are left out.
    CHECK(joules < meter_of(centralized, "coordinator", "RAPL package").at("joules").get<double>());
    CHECK(measured.at("phases") == centralized.at("rounds"));
    CHECK_FALSE(summary.at("trainings").at(1).contains("measured"));

    const auto table = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"table", out, "--format", "json", "--countries", "USA", "--pue", "1.5"});
        const auto priced = run("fedgram", options);
        REQUIRE(priced.exit_code == 0);
        return json::parse(priced.out);
    };
    CHECK(table({}).at("cells").size() == 4);
    const auto cells = table({"--measured"}).at("cells");
    REQUIRE(cells.size() == 5);
    CHECK(cells[2].at("column") == "measured on RAPL package, PUE 1.5");
    const double grid = cells[2].at("gco2e_per_kwh");
    CHECK(cells[2].at("scope2_gco2e").get<double>() == Approx(joules * 1.5 * grid / 3.6e6));

    const auto explained = run("fedgram", {"explain", out, "USA/measured on RAPL package, PUE 1.67", "--measured"});
    CHECK(explained.exit_code == 0);

    const auto plain = run("fedgram", {"run", folder / "tiny.json", "--out", folder / "plain"});
    REQUIRE(plain.exit_code == 0);
    const auto refused = run("fedgram", {"table", folder / "plain", "--measured"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("--measured: no centralized training") != std::string::npos);
}

TEST_CASE("Busy neighbours change neither a node's modelled joules nor much of its estimated ones", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto node_cpu_seconds = [&](const std::string& name) {
        const auto outcome = run("fedgram", {"run", folder / "tiny.json", "--out", folder / name, "--client-processes",
                                             "1", "--set", "data.train_samples=3000"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        double sum = 0;
        for (const auto& line : lines_of(folder / name / "host.jsonl")) sum += line.at("cpu_seconds").get<double>();
        return sum;
    };
    const double alone = node_cpu_seconds("alone");
    double beside = 0;
    {
        std::vector<std::jthread> neighbours;
        for (unsigned core = 0; core < 4 * std::thread::hardware_concurrency(); ++core)
            neighbours.emplace_back([](const std::stop_token& stopped) {
                while (!stopped.stop_requested()) {
                }
            });
        beside = node_cpu_seconds("beside");
    }
    CHECK(read_file(folder / "beside" / "ledger.jsonl") == read_file(folder / "alone" / "ledger.jsonl"));
    // By the clock it takes some five times as long. CPU seconds still vary with the caches that are shared and with
    // the host below this machine; tests/bench/metering_cost measures by how much.
    CHECK(beside < 2 * alone);
}
