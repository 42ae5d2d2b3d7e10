#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

namespace {

// CodeCarbon 2.3.
const std::string heading =
    "timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_"
    "energy,"
    "ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,"
    "codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,on_"
    "cloud,"
    "pue\n";

struct Row {
    std::string timestamp = "2024-05-01T12:00:10";
    std::string run = "run-1";
    std::string duration = "10.0";
    std::string cpu = "0.00001";
    std::string gpu = "0.00002";
    std::string ram = "0.00001";
    std::string total = "0.00004";
    std::string pue = "1.0";
    std::string project = "project";
};

std::string line(const Row& row)
{
    return row.timestamp + "," + row.project + "," + row.run + "," + row.duration + ",1.2e-07,1.1e-07,12.5,0.0,2.76," +
           row.cpu + "," + row.gpu + "," + row.ram + "," + row.total +
           ",France,FRA,\"Ile, de\",,,Linux-6.5.0-27-generic-x86_64-with-glibc2.38,3.11.7,2.3.4,4,Intel(R) Core(TM) "
           "i3-10110U CPU @ 2.10GHz,,,2.3387,48.8582,7.378,machine,N," +
           row.pue + "\n";
}

}  // namespace

TEST_CASE("A row of CodeCarbon is an interval that ends at its timestamp, of the GPU's energy")
{
    const auto log = parsed(heading + line({}));
    CHECK(log.form == LogForm::codecarbon);
    CHECK(log.source == "gpu_energy");
    CHECK(log.draw == Draw::averaged);
    CHECK(stretch_of(log).begin == LogTime{noon});
    CHECK(stretch_of(log).end == LogTime{noon + 10});
    CHECK(joules(log) == Approx(72));  // 0.02 Wh
    CHECK(has_note(log, "were read as UTC"));
}

TEST_CASE("Where the GPU has no energy it is all that was consumed, and any other by its name")
{
    const auto text = heading + line({.gpu = "0", .total = "0.00002"});
    CHECK(parsed(text).source == "energy_consumed");
    CHECK(joules(parsed(text)) == Approx(72));
    PowerLogOptions options;
    options.joules_column = "ram_energy";
    CHECK(joules(parsed(text, options)) == Approx(36));
    options.joules_column = "cpu_power";
    CHECK_THROWS_AS(parsed(text, options), SpecError);
}

TEST_CASE("Rows of one run count from its start, so each adds what the one before lacks")
{
    // A real run of 3.3 that was flushed twice has 6.1, 9.1 and 12.1 s in this way.
    const auto log =
        parsed(heading + line({.timestamp = "2024-05-01T12:00:06", .duration = "6.1"}) +
               line({.timestamp = "2024-05-01T12:00:09", .duration = "9.1", .gpu = "0.00003", .total = "0.00005"}) +
               line({.timestamp = "2024-05-01T12:00:12", .duration = "12.1", .gpu = "0.00005", .total = "0.00007"}));
    CHECK(joules(log) == Approx(180));  // the last row's
    REQUIRE(log.segments[0].intervals.size() == 3);
    CHECK(log.segments[0].intervals[1].energy.count() == Approx(36));
    CHECK(log.segments[0].intervals[2].end == LogTime{noon + 12});
    CHECK(whole(log).covered.count() == Approx(12.1));
}

TEST_CASE("Rows of one run that contradict each other are refused")
{
    const auto first = heading + line({.timestamp = "2024-05-01T12:00:06", .duration = "6"});
    CHECK_THROWS_WITH(parsed(first + line({.timestamp = "2024-05-01T13:00:09", .duration = "9"})),
                      Catch::Contains("log:3: its run began at another time than line 2 says"));
    CHECK_THROWS_WITH(
        parsed(first +
               line({.timestamp = "2024-05-01T12:00:09", .duration = "9", .gpu = "0.00001", .total = "0.00003"})),
        Catch::Contains("log:3: gpu_energy is less than its run had used before"));
}

TEST_CASE("Runs one after the other add up; of runs at one time one is chosen")
{
    const auto later = line({.timestamp = "2024-05-01T12:00:20", .run = "run-2", .project = "other"});
    CHECK(joules(parsed(heading + line({}) + later)) == Approx(144));
    // Its second was cut off, and so it seems to begin before the first has ended.
    CHECK(joules(parsed(heading + line({}) + line({.timestamp = "2024-05-01T12:00:19", .run = "run-2"}))) ==
          Approx(144));

    const auto text =
        heading + line({}) + line({.timestamp = "2024-05-01T12:00:14", .run = "run-2", .project = "other"});
    CHECK_THROWS_AS(parsed(text), SpecError);
    CHECK_THROWS_WITH(parsed(text),
                      "log: lines 2 and 3 tell of the same time; choose those of one label: other, "
                      "project, run-1, run-2");
    PowerLogOptions options;
    options.label = "other";
    CHECK(stretch_of(parsed(text, options)).end == LogTime{noon + 14});
    options.label = "run-1";
    CHECK(stretch_of(parsed(text, options)).end == LogTime{noon + 10});
    options.label = "third";
    CHECK_THROWS_WITH(parsed(text, options), Catch::Contains("no row of the label \"third\""));
}

TEST_CASE("A file of single tasks counts each by itself")
{
    const std::string tasks =
        "task_name,timestamp,project_name,run_id,duration,emissions,cpu_energy,gpu_energy,"
        "ram_energy,energy_consumed\n";
    CHECK(joules(parsed(tasks + "load,2024-05-01T12:00:10,p,r,10,1e-6,0,0.00002,0,0.00002\n"
                                "train,2024-05-01T12:00:20,p,r,10,1e-6,0,0.00001,0,0.00001\n")) == Approx(108));
}

TEST_CASE("Rows of a version with other columns are refused, not misread")
{
    // As 2.8 has them: experiment_id behind run_id.
    auto longer = line({});
    longer.insert(longer.find(",10.0,"), ",experiment");
    CHECK_THROWS_WITH(parsed(heading + line({}) + longer + line({})), "log:3: has 32 fields, but there are 31 columns");
    // As many, but one more on the left and one fewer on the right.
    auto shifted = longer.substr(0, longer.rfind(',')) + "\n";
    CHECK_THROWS_WITH(parsed(heading + shifted), Catch::Contains("log:2: country_iso_code: \"France\" is no country"));
    CHECK_THROWS_WITH(
        parsed(heading + line({.total = "0.5"})),
        Catch::Contains("log:2: energy_consumed is 0.5, but the energies of CPU, GPU and RAM sum to 4e-05"));
    CHECK_THROWS_WITH(parsed(heading + line({.duration = "-1"})), "log:2: duration: \"-1\" is below 0");
    CHECK_THROWS_WITH(parsed(heading + line({.cpu = "0", .gpu = "0.5", .ram = "0", .total = "0.5"})),
                      "log:2: mean power: 180000 W can't be; it takes 0 to 100000 W");
}

TEST_CASE("A PUE that CodeCarbon was told is in its energies, and a note says so")
{
    CHECK(has_note(parsed(heading + line({.pue = "1.5"})), "a PUE of 1.5"));
    CHECK_FALSE(has_note(parsed(heading + line({})), "PUE"));
}
