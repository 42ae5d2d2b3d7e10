#include "experiments/launch/slurm/batch_script.hpp"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "experiments/launch/slurm/shell_word.hpp"
#include "experiments/launch/slurm/task_end.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::experiments;
using namespace fedgram::experiments::slurm;
using fedgram::test::Process;
using fedgram::test::read_file;
using fedgram::test::run;
using fedgram::test::TemporaryFolder;
using fedgram::test::write_file;

namespace {

/// An array's folder with these calls, and a task of it as Slurm starts one.
struct Array {
    TemporaryFolder folder;

    explicit Array(const std::string& calls)
    {
        std::filesystem::create_directory(folder / ends_folder);
        write_file(folder / calls_file, calls);
        write_file(folder / script_file, batch_script(folder.path()));
    }

    [[nodiscard]] std::vector<std::string> arguments() const { return {(folder / script_file).string()}; }
    [[nodiscard]] static std::vector<std::string> environment(int task)
    {
        return {"SLURM_ARRAY_TASK_ID=" + std::to_string(task), "SLURM_ARRAY_JOB_ID=12", "SLURMD_NODENAME=node2",
                "SLURM_RESTART_COUNT=1"};
    }
    [[nodiscard]] std::optional<TaskEnd> end(int task) const
    {
        return parse_task_end(read_file(folder / ends_folder / std::to_string(task)));
    }
};

}  // namespace

TEST_CASE("A shell takes a quoted word for itself")
{
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(run("/bin/sh", {"-c", "printf %s " + shell_word("a  'b' $HOME \"`\\\n*")}).out == "a  'b' $HOME \"`\\\n*");
}

TEST_CASE("A job is a line that a shell carries out")
{
    const Job job{"one", {"run", "it's", "--out", "/a b"}, "/logs/one.log"};
    CHECK(call_of(job, "/bin/fedgram") == "'/bin/fedgram' 'run' 'it'\\''s' '--out' '/a b' >>'/logs/one.log' 2>&1");
}

TEST_CASE("Each task carries out its own line, and writes down how that ended")
{
    const Array array{"'/bin/sh' -c 'exit 0'\n'/bin/sh' -c 'exit 7'\n"};
    CHECK(run("/bin/bash", array.arguments(), Array::environment(1)).exit_code == 7);
    CHECK_FALSE(std::filesystem::exists(array.folder / ends_folder / "0"));
    CHECK(run("/bin/bash", array.arguments(), Array::environment(0)).exit_code == 0);
    REQUIRE(array.end(1));
    CHECK(array.end(1)->text() == "exit code 7 on node2 (job 12_1)");
    CHECK(array.end(1)->restarts == 1);
    CHECK(array.end(0)->exit_code == 0);
}

TEST_CASE("A task that is told to end hands that on, waits for it, and writes it down")
{
    const TemporaryFolder folder;
    const auto begun = (folder / "begun").string();
    const auto kept = (folder / "kept").string();
    const Array array{"'/bin/bash' -c 'trap \"echo kept >" + kept + "; exit 143\" TERM; echo >" + begun +
                      "; while true; do sleep 0.02; done'\n"};
    Process task{"/bin/bash", array.arguments(), Array::environment(0)};
    while (!std::filesystem::exists(begun)) ::usleep(10'000);
    task.send(SIGTERM);
    CHECK(task.wait().exit_code == 143);
    CHECK(read_file(kept) == "kept\n");
    REQUIRE(array.end(0));
    CHECK(array.end(0)->is_interrupted());
}

TEST_CASE("A user's options of sbatch stand behind ours, but for those that the array is made of")
{
    ArrayOptions options{
        .name = "fedgram-ab-1", .tasks = 10, .at_once = 4, .cpus = 2, .time = "1:00", .more = {"--nodes=2"}};
    CHECK(sbatch_arguments(options, "/out/100%/array-1") ==
          std::vector<std::string>{"--nodes=1", "--ntasks=1", "--cpus-per-task=2", "--output=/out/100%%/array-1/output",
                                   "--time=1:00", "--nodes=2", "--parsable", "--requeue", "--open-mode=append",
                                   "--job-name=fedgram-ab-1", "--array=0-9%4"});
}
