-- What are tickets about?
--
-- The twelve most frequent tags of the last 12 months, beside the 12 months before, and how many of their tickets were
-- solved in time.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
),

tagged as (
    select
        unnest(from_json(tags, '["varchar"]')) as tag,
        created_at >= moment - interval 12 month as is_recent,
        is_solved,
        is_solved_in_time
    from views.ticket_enriched, last_seen
    where created_at >= moment - interval 24 month and not deleted and not spam
)

select
    tag,
    count(*) filter (is_recent) as tickets,
    count(*) filter (not is_recent) as tickets_of_the_year_before,
    round(
        100 * count(*) filter (is_recent and is_solved_in_time) / nullif(count(*) filter (is_recent and is_solved), 0), 1
    ) as percent_solved_in_time
from tagged
group by tag
order by tickets desc, tag
limit 12
