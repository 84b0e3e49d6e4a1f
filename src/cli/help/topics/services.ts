import type { Topic } from '../topic.ts'

export const services: Topic = {
  name: 'services',
  about: 'how services, versions and numbers are written',
  text: `Words behind a verb are services and, where it makes sense, a number or a
version:

  skein up                    all services
  skein up shop wallet        two of them; --with-needs adds what they need
  skein up 'link/*'           a glob; ** goes through /
  skein up shop 2             two migrations of shop
  skein goto shop 000004      a version; 4, or a beginning that fits only one,
                              or the whole name of the file do as well
  skein wait --for shop@4     a service at a version

A service has the name that skein.yaml gives it, its aliases, and for included
files the end behind the /: link/ai-svc is ai-svc where that is unique.`,
  more: ['reference/cli.md'],
}
