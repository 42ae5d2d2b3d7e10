#pragma once

namespace fedgram::experiments {

/// Makes the secret of one run and puts it into this process's environment, which the processes that it starts from
/// then on inherit: by it the coordinator tells its own clients from strangers, and they it. Throws SystemError when
/// there are no random bytes.
void invite_child_processes();

}  // namespace fedgram::experiments
