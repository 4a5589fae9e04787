-- How many are solved with one answer?
--
-- Tickets by the month in which they were solved, if it is over: those with one public reply of an agent that were never opened again,
-- and those that were opened again before.

select
    strftime(solved_at, '%Y-%m') as month,
    count(*) as solved,
    round(100 * count(*) filter (is_one_touch) / count(*), 1) as percent_one_touch,
    round(100 * count(*) filter (is_reopened) / count(*), 1) as percent_reopened,
    round(avg(agent_replies), 1) as replies_each
from views.ticket_enriched
where
    not deleted
    and not spam
    and solved_at < (select date_trunc('month', max(updated_at)) from views.ticket_enriched)
group by month
order by month
