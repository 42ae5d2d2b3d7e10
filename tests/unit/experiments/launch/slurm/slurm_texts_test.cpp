#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "experiments/launch/slurm/allocation.hpp"
#include "experiments/launch/slurm/array_book.hpp"
#include "experiments/launch/slurm/cluster_config.hpp"
#include "experiments/launch/slurm/job_record.hpp"
#include "experiments/launch/slurm/queued_task.hpp"
#include "experiments/launch/slurm/slurm_client.hpp"
#include "experiments/launch/slurm/task_end.hpp"

using namespace fedgram;
using namespace fedgram::experiments::slurm;

TEST_CASE("A cluster's configuration says how long its arrays are")
{
    CHECK(parse_cluster_config("AccountingStorageType   = accounting_storage/none\nMaxArraySize            = 10001\n")
              .tasks_of_an_array == 10001);
    CHECK(parse_cluster_config("").tasks_of_an_array == 1001);
    CHECK(parse_cluster_config("MaxArraySize = 0\n").tasks_of_an_array == 0);
}

TEST_CASE("The queue's lines are tasks of arrays; the last one of an array has its id too")
{
    const auto tasks = parse_queue(
        "12|0|fedgram-ab-1|RUNNING|None\n"
        "12|1|fedgram-ab-1|PENDING|JobArrayTaskLimit\n"
        "13|N/A|other|RUNNING|None\n"
        "no line\n"
        "14|2|fedgram-ab-2|PENDING|launch failed requeued held\n");
    REQUIRE(tasks.size() == 3);
    CHECK(tasks[0].array == "12");
    CHECK(tasks[1].index == 1);
    CHECK(tasks[1].state == "PENDING");
    CHECK_FALSE(tasks[1].is_held());
    CHECK(tasks[2].name == "fedgram-ab-2");
    CHECK_FALSE(tasks[1].is_stuck());
    CHECK(tasks[2].is_held());
    CHECK((QueuedTask{"12", 0, "fedgram-ab-1", "PENDING", "PartitionConfig"}).is_stuck());
    CHECK_FALSE((QueuedTask{"12", 0, "fedgram-ab-1", "RUNNING", "None"}).is_stuck());
}

TEST_CASE("Slurm's record of a job says why it is gone")
{
    const auto record = parse_job_record(
        "JobId=13 ArrayJobId=12 ArrayTaskId=1 JobName=x UserId=root(0) JobState=OUT_OF_MEMORY Reason=OutOfMemory "
        "Dependency=(null) Requeue=1 Restarts=1 ExitCode=0:125 RunTime=00:00:03 NodeList=node7 BatchHost=node7\n");
    REQUIRE(record);
    CHECK(record->text() == "OUT_OF_MEMORY on node7 (reason OutOfMemory, exit code 0:125)");
    CHECK_FALSE(record->is_cancelled());
    CHECK(parse_job_record("JobId=3 JobState=CANCELLED Reason=None ExitCode=0:0 NodeList=(null)")->text() ==
          "CANCELLED");
    CHECK(parse_job_record("JobId=3 JobState=CANCELLED")->is_cancelled());
    CHECK_FALSE(parse_job_record("slurm_load_jobs error: Invalid job id specified"));
}

TEST_CASE("What a task writes at its end is read back")
{
    const auto end = parse_task_end("{\"exit_code\": 143, \"node\": \"node2\", \"job\": \"12_3\", \"restarts\": 1}\n");
    REQUIRE(end);
    CHECK(end->text() == "exit code 143 on node2 (job 12_3)");
    CHECK(end->restarts == 1);
    CHECK(end->is_interrupted());
    CHECK_FALSE((TaskEnd{5, "node2", "12_3"}).is_interrupted());
    CHECK_FALSE(parse_task_end("{\"exit_code\": 0"));
    CHECK_FALSE(parse_task_end(""));
}

TEST_CASE("A sweep's arrays are remembered, with those whose submission nobody answered")
{
    ArrayBook book;
    CHECK(book.next_number() == 1);
    book.arrays = {{1, "fedgram-ab-1", "12", {}}, {4, "fedgram-ab-4", std::nullopt, {}}};
    const auto read = parse_array_book(encode(book), "arrays.json");
    REQUIRE(read.arrays.size() == 2);
    CHECK(read.arrays[0].id == "12");
    CHECK_FALSE(read.arrays[1].id);
    CHECK(read.arrays[1].name == "fedgram-ab-4");
    CHECK(read.next_number() == 5);
    CHECK_THROWS_AS(parse_array_book("{", "arrays.json"), DataError);
    CHECK_THROWS_AS(parse_array_book("{\"format\": 2, \"arrays\": []}", "arrays.json"), DataError);
}

TEST_CASE("The reason is found in what Slurm's commands say")
{
    CHECK(reason_in("sbatch: error: invalid partition specified: nowhere\n"
                    "sbatch: error: Batch job submission failed: Invalid partition name specified\n") ==
          "Invalid partition name specified");
    CHECK(reason_in("allocation failure: Invalid partition name specified\n") == "Invalid partition name specified");
    CHECK(reason_in("slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)\n") ==
          "Unable to contact slurm controller (connect failure)");
    CHECK(reason_in("sbatch: unrecognized option '--bogus'\nTry \"sbatch --help\" for more information\n") ==
          "unrecognized option '--bogus'");
    CHECK(reason_in("") == "without a reason");
}

TEST_CASE("An allocation is told by Slurm's variables, and its CPUs are added up")
{
    CHECK(sum_of_cpus("4(x3),2") == 14);
    CHECK(sum_of_cpus("1") == 1);
    CHECK(sum_of_cpus("many") == 0);
    const auto allocation = allocation_in([](const char* name) -> const char* {
        const std::string wanted = name;
        if (wanted == "SLURM_JOB_ID") return "12";
        if (wanted == "SLURM_JOB_NODELIST") return "node[1-3]";
        return wanted == "SLURM_JOB_CPUS_PER_NODE" ? "2,4" : nullptr;
    });
    REQUIRE(allocation);
    CHECK(allocation->job == "12");
    CHECK(allocation->cpus == 6);
    CHECK_FALSE(allocation_in([](const char*) -> const char* { return nullptr; }));
    CHECK(parse_node_address("NodeName=node1 Arch=x86_64 CoresPerSocket=4 NodeAddr=10.0.0.1 NodeHostName=node1") ==
          "10.0.0.1");
    CHECK_FALSE(parse_node_address("Node nowhere not found"));
}
