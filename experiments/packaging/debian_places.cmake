# Run by cpack on what it is about to pack: manual pages are compressed, zsh looks for completions of packages in a folder
# of Debian's own, and folders are open to all, whatever the umask they were made under.
set(share ${CPACK_TEMPORARY_DIRECTORY}/fedgram/usr/share)
file(GLOB pages ${share}/man/man1/*.1)
if(NOT pages)
  message(FATAL_ERROR "there are no manual pages below ${share}")
endif()
execute_process(COMMAND gzip --best --no-name ${pages} COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${share}/zsh/site-functions ${share}/zsh/vendor-completions)
file(CHMOD_RECURSE ${CPACK_TEMPORARY_DIRECTORY} DIRECTORY_PERMISSIONS
     OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
